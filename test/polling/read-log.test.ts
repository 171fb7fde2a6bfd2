import { expect, test } from '@jest/globals';
import { createReadLog } from '../../src/polling/read-log.js';
import type { WatchList } from '../../src/polling/watch-list.js';
import { aReading, inconclusive, observed } from '../support/a-reading.js';

function watching(...names: readonly string[]): WatchList {
  return {
    consumers: names.map((consumer) => ({ stream: 'S', consumer })),
    components: [],
    ownersOf: [],
  };
}

test('remembers the last reading and the last failure, whatever came after them', () => {
  const log = createReadLog();
  const watched = watching('a', 'b');
  log.note(watched, [observed(aReading(), 100), inconclusive(101)]);
  log.note(watched, [inconclusive(200, 'overloaded'), observed(aReading(), 201)]);
  const readsOf = log.of(watched);
  expect(readsOf(0)).toEqual({ readAt: 100, failure: { problem: 'overloaded', at: 200 } });
  expect(readsOf(1)).toEqual({ readAt: 201, failure: { problem: 'timeout', at: 101 } });
});

test('follows consumers to their places in another list and forgets those that are gone', () => {
  const log = createReadLog();
  const [before, after] = [watching('a', 'b'), watching('new', 'b')];
  log.note(before, [observed(aReading(), 100), observed(aReading(), 101)]);
  log.note(after, [undefined, undefined]);
  expect([0, 1].map(log.of(after))).toMatchObject([{ readAt: undefined }, { readAt: 101 }]);
  expect(log.of(before)(0)).toMatchObject({ readAt: undefined });
});

test('whoever looks with a newer list changes nothing', () => {
  const log = createReadLog();
  const watched = watching('a', 'b');
  log.note(watched, [observed(aReading(), 100), observed(aReading(), 101)]);
  expect([0, 1, 2].map(log.of(watching('b', 'c')))).toMatchObject([
    { readAt: 101 },
    { readAt: undefined },
    { readAt: undefined },
  ]);
  expect([0, 1].map(log.of(watched))).toMatchObject([{ readAt: 100 }, { readAt: 101 }]);
});
