import { describe, expect, test } from '@jest/globals';
import type { Status } from '../../src/health/component-health.js';
import { NO_FIGURES } from '../../src/health/figures.js';
import { healthAt } from '../../src/health/snapshot.js';

const LIMITS = { staleAfterMs: 15_000, deadAfterMs: 60_000, startGraceMs: 10_000 };
const READ_AT = 1000;

/** `status, state: detail`, and when it must be asked again. */
function told(age: number, status: Status, detail = ''): [string, number] {
  const figures = { ...NO_FIGURES, backlog: 7 };
  const snapshot = { health: { status, figures, detail }, readAt: READ_AT, readTime: 0 };
  const { health, state, changesAt } = healthAt(snapshot, READ_AT + age, LIMITS, 0);
  expect(health.figures).toEqual(figures);
  return [`${health.status}, ${state}: ${health.detail}`, changesAt - READ_AT];
}

describe('what age makes of a snapshot', () => {
  test.each<[number, Status, string, string, number]>([
    [0, 'up', '', 'up, fresh: ', 15_000],
    [15_000, 'up', '', 'up, fresh: ', 15_000],
    [15_001, 'up', '', 'degraded, stale: figures are 15 seconds old', 20_000],
    [19_999, 'up', '', 'degraded, stale: figures are 15 seconds old', 20_000],
    [20_000, 'up', '', 'degraded, stale: figures are 20 seconds old', 25_000],
    [20_000, 'degraded', 'paused', 'degraded, stale: figures are 20 seconds old; paused', 25_000],
    [20_000, 'down', 'gone', 'down, stale: figures are 20 seconds old; gone', 25_000],
    [60_000, 'up', '', 'degraded, stale: figures are 60 seconds old', 60_000],
    [60_001, 'up', 'x', 'down, stale: status unknown: no fresh figures for 60 seconds', 65_000],
    [3_600_000, 'down', 'x', 'down, stale: status unknown: no fresh figures for 3600 seconds', 3_605_000],
  ])('%i ms old, %s %j', (age, status, detail, expected, changesAt) => {
    expect(told(age, status, detail)).toEqual([expected, changesAt]);
  });

  test('a snapshot from the future of a clock that stands still is fresh', () => {
    expect(told(-5, 'up')[0]).toBe('up, fresh: ');
  });
});

describe('without a snapshot', () => {
  test.each([
    [0, 'degraded', 'status not yet known', 15_000],
    [15_000, 'degraded', 'status not yet known', 15_000],
    [15_001, 'down', 'status unknown: no figures yet', Infinity],
  ])('%i ms', (now, status, detail, changesAt) => {
    expect(healthAt(undefined, now, LIMITS, 5000)).toEqual({
      health: { status, figures: NO_FIGURES, detail },
      state: 'none',
      changesAt,
    });
  });
});
