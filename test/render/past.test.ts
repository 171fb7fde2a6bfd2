import { describe, expect, test } from '@jest/globals';
import type { Status } from '../../src/health/component-health.js';
import { FIGURE_NAMES } from '../../src/health/figures.js';
import { FIGURE_WORDS } from '../../src/render/page-words.js';
import type { Past } from '../../src/render/past.js';
import { PARTS, pastOf, spanOf } from '../../src/render/past.js';
import type { PackedSample } from '../../src/snapshots/sample-ring.js';

/** One part per 10 s. */
const SPAN = { from: 1000, to: 1000 + PARTS * 10 };

function round(readAt: number, status: Status = 'up', values = [3, 0, 0, 0]): PackedSample {
  return { readAt, time: 1_700_000_000 + readAt, status, values };
}

function past(rounds: readonly PackedSample[]): Past {
  return pastOf(
    (look) => {
      rounds.forEach(look);
    },
    { span: SPAN, staleAfterSeconds: 15, telling: (name) => FIGURE_WORDS[name].telling },
  );
}

function statuses({ parts }: Past): string {
  const letters = { up: 'u', degraded: 'g', down: 'd' };
  return parts.map((part) => (part === undefined ? '.' : letters[part.status])).join('');
}

function everyFiveSeconds(from: number, to: number, status: Status = 'up'): PackedSample[] {
  return Array.from({ length: (to - from) / 5 }, (_, i) => round(from + i * 5, status));
}

test('nothing is known without rounds', () => {
  expect(past([])).toEqual({ parts: new Array(PARTS).fill(undefined), shares: undefined, run: undefined });
});

test('a part is as bad as the worst of its rounds', () => {
  const summary = past([
    ...everyFiveSeconds(1000, 1100),
    ...everyFiveSeconds(1100, 1105, 'down'),
    ...everyFiveSeconds(1105, 1200),
    ...everyFiveSeconds(1200, 1800, 'degraded'),
  ]);
  expect(statuses(summary)).toBe(`${'u'.repeat(10)}d${'u'.repeat(9)}${'g'.repeat(60)}`);
  expect(summary.shares).toEqual({ up: 195 / 800, degraded: 600 / 800, down: 5 / 800, nothing: 0 });
  expect(summary.run).toEqual({ status: 'degraded', since: 1_700_001_200, isKnown: true });
});

test('figures are known until they are stale, and their absence is not up', () => {
  const summary = past([...everyFiveSeconds(1400, 1500), ...everyFiveSeconds(1700, 1800)]);
  expect(statuses(summary)).toBe(`${'.'.repeat(40)}${'u'.repeat(11)}${'.'.repeat(19)}${'u'.repeat(10)}`);
  // Told from the first round on: 100 s, 10 s until the last one is stale, 190 s of nothing, 100 s.
  expect(summary.shares).toEqual({ up: 210 / 400, degraded: 0, down: 0, nothing: 190 / 400 });
  expect(summary.run).toMatchObject({ status: 'up', isKnown: false });
});

test.each(['up', 'down'] as const)('a first round that says %s and has only zeros counts', (status) => {
  const summary = past([round(1795, status, [0, 0, 0, 0])]);
  expect(statuses(summary)).toBe(`${'.'.repeat(79)}${status.charAt(0)}`);
  expect(summary.shares?.[status]).toBe(1);
  expect(past([round(1800, status)]).shares?.[status]).toBe(1);
});

test('of each figure the value to worry about is kept', () => {
  const part = past([round(1000, 'up', [3, 1, 7, 2]), round(1005, 'up', [1, 9, 2, 30])]).parts[0];
  const kept = Object.fromEntries(FIGURE_NAMES.map((name, column) => [name, part?.values[column]]));
  expect(kept).toEqual({ live_pullers: 1, backlog: 9, in_flight: 7, oldest_unacked_seconds: 30 });
});

test('what lies before the span counts for the run and for nothing else', () => {
  const summary = past([...everyFiveSeconds(200, 400, 'down'), ...everyFiveSeconds(400, 1800)]);
  expect(summary.shares).toEqual({ up: 1, degraded: 0, down: 0, nothing: 0 });
  expect(summary.run).toEqual({ status: 'up', since: 1_700_000_400, isKnown: true });
});

test('a round after the end of the span breaks nothing', () => {
  expect(past([round(1810)]).shares).toBeUndefined();
});

describe('the span', () => {
  test.each([
    [0, 3600, 300],
    [299, 3600, 300],
    [301, 3600, 900],
    [1900, 3600, 3600],
    [9999, 3600, 3600],
    [100, 60, 60],
    [86_400 * 10, 86_400 * 30, 86_400 * 30],
  ])('with a history of %i s, %i s kept: %i s', (length, keep, expected) => {
    expect(spanOf(1_000_000 - length, 1_000_000, keep)).toEqual({
      from: 1_000_000 - expected,
      to: 1_000_000,
    });
  });
});
