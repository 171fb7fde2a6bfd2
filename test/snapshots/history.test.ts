import { expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/health/snapshot.js';
import { createHistory } from '../../src/snapshots/history.js';
import { createSampleRing } from '../../src/snapshots/sample-ring.js';

/** A snapshot of a number: every figure tells it in its own way. */
function aSnapshot(n: number, readAt = n * 5000): Snapshot {
  const figures = { live_pullers: n, backlog: n * 10, in_flight: n * 100, oldest_unacked_seconds: n * 1000 };
  const status = (['up', 'degraded', 'down'] as const)[n % 3] ?? 'up';
  return { health: { status, figures, detail: 'some' }, readAt, readTime: 1_767_225_600_999 + readAt };
}

function times(samples: readonly { readonly readAt: number }[]): number[] {
  return samples.map(({ readAt }) => readAt);
}

test('keeps every field of a sample, in whole seconds', () => {
  const history = createHistory({ componentIds: ['a'], keepMs: 60_000, everyMs: 5000 });
  history.add('a', aSnapshot(4));
  expect(history.samples('a')).toEqual([
    {
      time: 1_767_225_620,
      readAt: 20,
      status: 'degraded',
      figures: { live_pullers: 4, backlog: 40, in_flight: 400, oldest_unacked_seconds: 4000 },
    },
  ]);
});

test('keeps as many samples as rounds fit into the time, the oldest first, each component its own', () => {
  const history = createHistory({ componentIds: ['a', 'b', 'c'], keepMs: 60_000, everyMs: 5000 });
  for (let n = 1; n <= 100; n++) history.add('a', aSnapshot(n));
  history.add('b', aSnapshot(7));
  history.add('unknown', aSnapshot(8));
  expect(times(history.samples('a'))).toEqual(Array.from({ length: 12 }, (_, i) => (89 + i) * 5));
  expect(times(history.samples('b'))).toEqual([35]);
  expect(history.samples('c')).toEqual([]);
  expect(history.samples('unknown')).toEqual([]);
});

test('lets go of what is too old before the newest sample, however few there are', () => {
  const history = createHistory({ componentIds: ['a'], keepMs: 60_000, everyMs: 5000 });
  history.add('a', aSnapshot(1, 0));
  history.add('a', aSnapshot(2, 40_000));
  expect(times(history.samples('a'))).toEqual([0, 40]);
  history.add('a', aSnapshot(3, 90_000));
  expect(times(history.samples('a'))).toEqual([40, 90]);
});

test('goes on from an earlier history, also with another size', () => {
  const earlier = createHistory({ componentIds: ['a', 'b'], keepMs: 60_000, everyMs: 5000 });
  for (let n = 1; n <= 20; n++) earlier.add('a', aSnapshot(n));
  const options = { componentIds: ['a'], everyMs: 5000, earlier: (id: string) => earlier.samples(id) };
  const longer = createHistory({ ...options, keepMs: 600_000 });
  longer.add('a', aSnapshot(21));
  expect(times(longer.samples('a'))).toEqual(Array.from({ length: 13 }, (_, i) => (9 + i) * 5));
  expect(times(createHistory({ ...options, keepMs: 10_000 }).samples('a'))).toEqual([95, 100]);
});

test('keeps nothing for no time, and no more than a day of rounds for any', () => {
  const none = createHistory({ componentIds: ['a'], keepMs: 0, everyMs: 5000 });
  none.add('a', aSnapshot(1));
  expect(none.samples('a')).toEqual([]);
  const week = createHistory({ componentIds: ['a'], keepMs: 7 * 86_400_000, everyMs: 1000 });
  for (let n = 0; n < 17_300; n++) week.add('a', aSnapshot(n, n * 1000));
  expect(week.samples('a')).toHaveLength(17_280);
});

test('keeps a figure beyond 32 bits as the largest it can', () => {
  const ring = createSampleRing(1);
  const figures = { live_pullers: 0, backlog: 2 ** 40, in_flight: 1, oldest_unacked_seconds: 2 };
  ring.add({ time: 1, readAt: 1, status: 'down', figures });
  expect(ring.samples()[0]?.figures).toEqual({ ...figures, backlog: 4_294_967_295 });
});

test('takes at most 20 kB for an hour of a component', () => {
  const before = process.memoryUsage().arrayBuffers;
  const rings = Array.from({ length: 200 }, () => createSampleRing(720));
  const each = (process.memoryUsage().arrayBuffers - before) / rings.length;
  expect(each).toBeGreaterThan(10_000);
  expect(each).toBeLessThan(20_000);
});
