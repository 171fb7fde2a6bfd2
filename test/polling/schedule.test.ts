import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { cronExpression, startSchedule } from '../../src/polling/schedule.js';
import { createLogger } from '../../src/logger.js';

describe('cronExpression', () => {
  test.each([
    [1000, 0.9, /^0,1,2,3,.*,59 \* \* \* \* \*$/],
    [5000, 0, /^0,5,10,15,20,25,30,35,40,45,50,55 \* \* \* \* \*$/],
    [5000, 0.5, /^2,7,12,17,22,27,32,37,42,47,52,57 \* \* \* \* \*$/],
    [30_000, 0.999, /^29,59 \* \* \* \* \*$/],
    [60_000, 0.5, /^30 \* \* \* \* \*$/],
    [300_000, 0.25, /^15 1,6,11,16,21,26,31,36,41,46,51,56 \* \* \* \*$/],
    [3_600_000, 0.5, /^30 30 \* \* \* \*$/],
  ])('every %d ms at phase %d', (everyMs, phase, expected) => {
    expect(cronExpression(everyMs, phase)).toMatch(expected);
  });
});

describe('startSchedule', () => {
  const log = createLogger({ level: 'silent' });

  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-01-01T00:00:00.500Z') });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** The fake timers move `Date`; this clock goes on evenly when the wall clock is set. */
  function steadyClock(): { clock: Clock; setWall: (date: string) => void } {
    let shift = 0;
    const now = (): number => Date.now() + shift;
    return {
      clock: { now, wall: () => Date.now(), steadyWall: now },
      setWall(date) {
        const before = now();
        jest.setSystemTime(new Date(date));
        shift += before - now();
      },
    };
  }

  test('ticks at every boundary', async () => {
    const onTick = jest.fn();
    const stop = startSchedule({ everyMs: 5000, phase: 0, clock: steadyClock().clock, log, onTick });
    await jest.advanceTimersByTimeAsync(60_000);
    stop();
    expect(onTick).toHaveBeenCalledTimes(12);
  });

  test('goes on ticking within two intervals when the wall clock is set back an hour', async () => {
    const onTick = jest.fn();
    const { clock, setWall } = steadyClock();
    const stop = startSchedule({ everyMs: 5000, phase: 0, clock, log, onTick });
    await jest.advanceTimersByTimeAsync(5000);
    onTick.mockClear();
    setWall('2025-12-31T23:00:00.000Z');
    for (let interval = 1; interval <= 5; interval += 1) {
      await jest.advanceTimersByTimeAsync(10_000);
      expect(onTick.mock.calls.length).toBeGreaterThanOrEqual(interval);
    }
    stop();
  });

  test('is silent once it is stopped', async () => {
    const onTick = jest.fn();
    const stop = startSchedule({ everyMs: 1000, phase: 0, clock: steadyClock().clock, log, onTick });
    stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(onTick).not.toHaveBeenCalled();
  });
});
