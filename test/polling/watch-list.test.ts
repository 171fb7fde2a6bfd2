import { describe, expect, test } from '@jest/globals';
import type { ComponentConfig, ConsumerSelection } from '../../src/config/config.js';
import { resolveWatchList, streamsToList } from '../../src/polling/watch-list.js';

const NO_LIMITS = () => () => ({});

function selection(
  stream: string,
  consumer?: string,
  more: Partial<ConsumerSelection> = {},
): ConsumerSelection {
  return { stream, consumer, expectPullers: 'always', workWindowMs: undefined, critical: false, ...more };
}

function component(id: string, ...consumers: ConsumerSelection[]): ComponentConfig {
  return { id, name: id, consumers, thresholds: {} };
}

function listed(streams: Record<string, string[]>): Map<string, { consumer: string; metadata: undefined }[]> {
  return new Map(
    Object.entries(streams).map(([stream, names]) => [
      stream,
      names.map((consumer) => ({ consumer, metadata: undefined })),
    ]),
  );
}

describe('streamsToList', () => {
  test('names each stream with a glob or without consumer once', () => {
    const components = [
      component('a', selection('S', 'exact'), selection('T', 'x-*')),
      component('b', selection('T'), selection('U')),
    ];
    expect(streamsToList(components)).toEqual(['T', 'U']);
  });
});

describe('resolveWatchList', () => {
  test('asks about a consumer of two components once', () => {
    const watched = resolveWatchList(
      [component('a', selection('S', 'c')), component('b', selection('S', 'd'), selection('S', 'c'))],
      new Map(),
      NO_LIMITS,
    );
    expect(watched.consumers).toEqual([
      { stream: 'S', consumer: 'c' },
      { stream: 'S', consumer: 'd' },
    ]);
    expect(watched.components.map(({ consumers }) => consumers.map(({ index }) => index))).toEqual([
      [0],
      [1, 0],
    ]);
  });

  test.each([
    ['prov-*', ['prov-', 'prov-1', 'prov-eu-2']],
    ['prov-?', ['prov-1']],
    ['*', ['prov-', 'prov-1', 'prov-eu-2', 'x.y', 'other']],
    ['x.y', []],
    ['?.?', ['x.y']],
  ])('glob %s', (glob, expected) => {
    const known = listed({ S: ['prov-', 'prov-1', 'prov-eu-2', 'x.y', 'other'] });
    const { consumers } = resolveWatchList([component('a', selection('S', glob))], known, NO_LIMITS);
    const exact = glob === 'x.y' ? ['x.y'] : expected;
    expect(consumers.map((id) => id.consumer)).toEqual(exact);
  });

  test('a component is not known before its streams were listed, and is with an empty list', () => {
    const components = [component('a', selection('S', 'c'), selection('T'))];
    expect(resolveWatchList(components, new Map(), NO_LIMITS).components[0]?.isKnown).toBe(false);
    expect(resolveWatchList(components, listed({ T: [] }), NO_LIMITS).components[0]?.isKnown).toBe(true);
  });

  test('a consumer matched twice satisfies both selections and is judged by the exact one', () => {
    const [watched] = resolveWatchList(
      [component('a', selection('S'), selection('S', 'c', { critical: true, workWindowMs: 5 }))],
      listed({ S: ['c', 'd'] }),
      NO_LIMITS,
    ).components;
    expect(watched?.consumers.map(({ terms }) => [terms.key, terms.selections, terms.critical])).toEqual([
      ['S c', [0, 1], true],
      ['S d', [0], false],
    ]);
    expect(watched?.consumers[0]?.terms.workWindowMs).toBe(5);
  });
});
