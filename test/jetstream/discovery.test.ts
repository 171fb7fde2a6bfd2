import { expect, test } from '@jest/globals';
import { cutConsumerList, pageOf } from '../../src/jetstream/consumer-page.js';
import { createConsumerLister, createStreamLister } from '../../src/jetstream/discovery.js';
import { isJsonObject } from '../../src/jetstream/json-fields.js';
import { ReadProblem } from '../../src/jetstream/read-problem.js';
import { listEntry } from '../support/list-entry.js';

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

/** What a list of these bytes says. */
function listingOf(text: string): ReturnType<ReturnType<typeof createConsumerLister>> {
  return createConsumerLister({
    consumerList() {
      const { rest, entries } = cutConsumerList(Buffer.from(text));
      const page = isJsonObject(rest) ? pageOf(rest, entries) : undefined;
      return page === undefined ? Promise.reject(new ReadProblem('malformed')) : Promise.resolve(page);
    },
  })('S');
}

test('a consumer whose metadata looks like an entry is listed', async () => {
  const metadata = { stream_name: 'S', name: 'c' };
  const config = { ...(listEntry('b').config as object), metadata };
  const consumers = [listEntry('a'), listEntry('b', { config })];
  await expect(listingOf(JSON.stringify({ total: 2, consumers }))).resolves.toMatchObject({
    outcome: 'listed',
    consumers: [{ consumer: 'a' }, { consumer: 'b', metadata }],
  });
});

test('a list with one entry that cannot be read proves nothing', async () => {
  const [one, other] = ['a', 'b'].map((name) => JSON.stringify(listEntry(name)));
  for (const broken of [other?.replace('"name"', 'name'), other?.replace('"b"', '7'), 'null']) {
    await expect(listingOf(`{"total":2,"consumers":[${String(one)},${String(broken)}]}`)).resolves.toEqual({
      outcome: 'inconclusive',
      problem: 'malformed',
    });
  }
});
