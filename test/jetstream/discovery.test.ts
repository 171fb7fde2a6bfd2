import { expect, test } from '@jest/globals';
import { createStreamLister } from '../../src/jetstream/discovery.js';
import { ReadProblem } from '../../src/jetstream/read-problem.js';

/** An API of an account with these streams, in pages of two. */
function listerOf(names: readonly string[]) {
  const offsets: number[] = [];
  const listStreams = createStreamLister({
    streamNames(offset) {
      offsets.push(offset);
      const page = names.slice(offset, offset + 2);
      return Promise.resolve({
        total: names.length,
        offset,
        limit: 2,
        streams: page.length === 0 ? null : page,
      });
    },
  });
  return { listStreams, offsets };
}

test('lists the streams page by page, whatever the size of a page', async () => {
  const { listStreams, offsets } = listerOf(['a', 'b', 'c', 'd', 'e']);
  await expect(listStreams()).resolves.toEqual({ outcome: 'listed', streams: ['a', 'b', 'c', 'd', 'e'] });
  expect(offsets).toEqual([0, 2, 4]);
});

test('an account without streams has none', async () => {
  const { listStreams, offsets } = listerOf([]);
  await expect(listStreams()).resolves.toEqual({ outcome: 'listed', streams: [] });
  expect(offsets).toEqual([0]);
});

test('ends when streams are deleted between two pages', async () => {
  const listStreams = createStreamLister({
    streamNames: (offset) => Promise.resolve({ total: 4, streams: offset === 0 ? ['a', 'b'] : null }),
  });
  await expect(listStreams()).resolves.toEqual({ outcome: 'listed', streams: ['a', 'b'] });
});

test.each([
  ['no total', { streams: ['a'] }],
  ['a negative total', { total: -1, streams: ['a'] }],
  ['a map', { total: 1, streams: { a: 1 } }],
  ['a name that is none', { total: 2, streams: ['a', 7] }],
  ['an empty name', { total: 1, streams: [''] }],
])('an answer with %s proves nothing', async (_, answer) => {
  const listStreams = createStreamLister({ streamNames: () => Promise.resolve(answer) });
  await expect(listStreams()).resolves.toEqual({ outcome: 'inconclusive', problem: 'malformed' });
});

test('a failed question is a value', async () => {
  const listStreams = createStreamLister({
    streamNames: () => Promise.reject(new ReadProblem('permission')),
  });
  await expect(listStreams()).resolves.toEqual({ outcome: 'inconclusive', problem: 'permission' });
});
