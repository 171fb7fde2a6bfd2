import type { Clock } from '../clock.js';
import { createTask } from 'node-cron';
import type { Logger } from '../logger.js';

/** Late enough to be no jitter, early enough for a round within two intervals. */
const LATE_AFTER_INTERVALS = 1.5;

export interface ScheduleOptions {
  /** Whole seconds that divide a minute, or whole minutes that divide an hour, in ms. */
  readonly everyMs: number;
  /** 0 to 1: where in the interval this process ticks, so that many of them do not ask at the same moment. */
  readonly phase: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Must not throw; may be called while an earlier call is still at work. */
  readonly onTick: () => void;
}

/**
 * Ticks by node-cron, with a watchdog on the monotonic clock beside it: after the wall clock was set back, node-cron
 * stays silent until that time is reached again.
 *
 * @returns how to stop
 */
export function startSchedule({ everyMs, phase, clock, log, onTick }: ScheduleOptions): () => void {
  let lastTickAt = clock.now();
  const tick = (): void => {
    lastTickAt = clock.now();
    onTick();
  };
  const task = createTask(cronExpression(everyMs, phase), tick, {
    // A wall clock set forward would report every skipped tick.
    suppressMissedWarning: true,
    logger: {
      info: (message) => {
        log.debug({ event: 'schedule' }, message);
      },
      debug: (message) => {
        log.debug({ event: 'schedule' }, String(message));
      },
      warn: (message) => {
        log.debug({ event: 'schedule' }, message);
      },
      error: (message) => {
        log.error({ event: 'schedule' }, String(message));
      },
    },
  });
  void task.start();
  const watchdog = setInterval(() => {
    if (clock.now() - lastTickAt >= LATE_AFTER_INTERVALS * everyMs) tick();
  }, everyMs / 4);
  return () => {
    clearInterval(watchdog);
    void task.destroy();
  };
}

/** Six fields, with seconds. Lists instead of steps, because a step cannot start at a phase. */
export function cronExpression(everyMs: number, phase: number): string {
  const seconds = everyMs / 1000;
  if (seconds <= 60) return `${times(60, seconds, phase)} * * * * *`;
  const second = Math.floor(phase * 60);
  return `${String(second)} ${times(60, seconds / 60, phase)} * * * *`;
}

function times(total: number, step: number, phase: number): string {
  const first = Math.floor(phase * step);
  return Array.from({ length: total / step }, (_, index) => first + index * step).join(',');
}
