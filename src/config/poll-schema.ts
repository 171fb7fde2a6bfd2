import * as z from 'zod';
import { formatDuration } from './duration.js';
import { relations } from './relations.js';
import type { Refuse, Values } from './relations.js';
import { duration, wholeNumber } from './value-schemas.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The schedule starts anew with each minute and each hour: other intervals would come out uneven. */
const EVEN = {
  check: (ms: number) =>
    ms < MINUTE ? ms % 1000 === 0 && MINUTE % ms === 0 : ms % MINUTE === 0 && HOUR % ms === 0,
  mustBe:
    'must divide a minute (1s, 2s, 3s, 4s, 5s, 6s, 10s, 12s, 15s, 20s, 30s) or be whole minutes dividing an hour (1m, 2m, 3m, ... 30m, 1h)',
};
const MOST_ROUNDS = 100;

export const pollSchema = z
  .strictObject({
    every: duration(1000, EVEN).prefault('5s').describe('Time between two rounds'),
    timeout: duration(10).exactOptional().describe('Time for one request. Default: 0.4 x every, 2s at most'),
    stale_after: duration(1)
      .exactOptional()
      .describe('Age from which figures count as stale. Default: 3 x every, 15s at least'),
    dead_after: duration(1)
      .exactOptional()
      .describe('Age from which a component is down for lack of figures. Default: 12 x every, 60s at least'),
    confirm: z
      .strictObject({
        worse: wholeNumber(1, MOST_ROUNDS)
          .default(2)
          .describe('Rounds that must agree before a status gets worse'),
        better: wholeNumber(1, MOST_ROUNDS)
          .default(2)
          .describe('Rounds that must agree before a status gets better'),
      })
      .prefault({}),
    start_grace: duration(0)
      .exactOptional()
      .describe(
        'Time after the start in which missing figures do not mean down. Default: 2 x every, 10s at least',
      ),
    discover_every: duration(1000)
      .prefault('60s')
      .describe('Time between two looks for new and vanished consumers'),
  })
  .superRefine(...relations(checkOrder));

/** The times that follow from `every` unless they are set; ms. */
export function pollTimes(
  every: number,
  set: {
    readonly timeout?: number;
    readonly stale_after?: number;
    readonly dead_after?: number;
    readonly start_grace?: number;
  },
) {
  return {
    timeoutMs: set.timeout ?? Math.min(2000, every * 0.4),
    staleAfterMs: set.stale_after ?? Math.max(3 * every, 15_000),
    deadAfterMs: set.dead_after ?? Math.max(12 * every, 60_000),
    startGraceMs: set.start_grace ?? Math.max(2 * every, 10_000),
  };
}

function checkOrder(poll: Values, refuse: Refuse): void {
  const { every, timeout, stale_after: stale, dead_after: dead } = poll;
  const derived = typeof every === 'number' ? pollTimes(every, {}) : undefined;
  const staleMs = stale === undefined ? derived?.staleAfterMs : stale;
  const deadMs = dead === undefined ? derived?.deadAfterMs : dead;

  if (notBelow(timeout, every)) refuse(['timeout'], `must be below poll.every (${shown(every)})`);
  if (notBelow(every, stale)) refuse(['stale_after'], `must be above poll.every (${shown(every)})`);
  if (!notBelow(staleMs, deadMs)) return;
  if (dead === undefined) {
    refuse(['stale_after'], `must be below poll.dead_after (${shown(deadMs)} by default; set it too)`);
  } else {
    const origin = stale === undefined ? ' by default; set it too' : '';
    refuse(['dead_after'], `must be above poll.stale_after (${shown(staleMs)}${origin})`);
  }
}

/** False where one of the two is not known. */
function notBelow(smaller: unknown, larger: unknown): boolean {
  return typeof smaller === 'number' && typeof larger === 'number' && smaller >= larger;
}

function shown(ms: unknown): string {
  return formatDuration(Number(ms));
}
