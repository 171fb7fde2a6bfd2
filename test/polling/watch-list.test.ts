import { describe, expect, test } from '@jest/globals';
import type { ComponentConfig, ConsumerSelection } from '../../src/config/config.js';
import type { KnownConsumers } from '../../src/polling/selections.js';
import { createWatchList, resolveWatchList, streamsToList } from '../../src/polling/watch-list.js';

const NO_LIMITS = () => () => ({});

function selection(
  stream: string,
  consumer?: string,
  more: Partial<ConsumerSelection> = {},
): ConsumerSelection {
  return { stream, consumer, expectPullers: 'always', workWindowMs: undefined, critical: false, ...more };
}

function component(id: string, ...consumers: ConsumerSelection[]): ComponentConfig {
  return { id, name: id, consumers, discover: undefined, thresholds: {} };
}

/** A component that takes consumers by their metadata. */
function discovering(id: string, streams: string[], ...consumers: ConsumerSelection[]): ComponentConfig {
  return { ...component(id, ...consumers), discover: { streams } };
}

const NOTHING: KnownConsumers = { listed: new Map(), streams: undefined };

/** What is known when these consumers were listed; `name@infra` says in its metadata that it belongs to infra. */
function listed(streams: Record<string, string[]>): KnownConsumers {
  const consumers = Object.entries(streams).map(
    ([stream, entries]) =>
      [
        stream,
        entries.map((entry) => {
          const [consumer = '', owner] = entry.split('@');
          return {
            consumer,
            metadata: owner === undefined ? undefined : { 'jetstream-status.component': owner },
          };
        }),
      ] as const,
  );
  return { listed: new Map(consumers), streams: new Set(Object.keys(streams)) };
}

describe('streamsToList', () => {
  test('names each stream with a glob or without consumer once', () => {
    const components = [
      component('a', selection('S', 'exact'), selection('T', 'x-*')),
      component('b', selection('T'), selection('U')),
    ];
    expect(streamsToList(components)).toEqual({ names: ['T', 'U'], patterns: [] });
  });

  test('… and of components that look at metadata the streams by name and by pattern', () => {
    const components = [
      discovering('a', ['S', 'ORDERS-*'], selection('T')),
      discovering('b', ['T', '*', 'ORDERS-*']),
    ];
    expect(streamsToList(components)).toEqual({ names: ['T', 'S'], patterns: ['ORDERS-*', '*'] });
  });
});

describe('resolveWatchList', () => {
  test('asks about a consumer of two components once', () => {
    const watched = resolveWatchList(
      [component('a', selection('S', 'c')), component('b', selection('S', 'd'), selection('S', 'c'))],
      NOTHING,
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
    expect(watched.ownersOf).toEqual([[0, 1], [1]]);
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
    expect(resolveWatchList(components, NOTHING, NO_LIMITS).components[0]?.isKnown).toBe(false);
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

describe('a component that takes consumers by their metadata', () => {
  const watch = (component: ComponentConfig, known: KnownConsumers) => {
    const [watched] = resolveWatchList([component], known, NO_LIMITS).components;
    return {
      isKnown: watched?.isKnown,
      selectionCount: watched?.selectionCount,
      found: watched?.consumers.map(({ terms }) => [terms.key, ...terms.selections]),
    };
  };
  const ACCOUNT = { S: ['a@infra', 'b@apps', 'c'], 'ORDERS-eu': ['d@infra'], 'ORDERS-us': ['e@infra'] };

  test.each<[name: string, streams: string[], found: string[]]>([
    ['every stream', ['*'], ['S a', 'ORDERS-eu d', 'ORDERS-us e']],
    ['one by name', ['S'], ['S a']],
    ['a pattern', ['ORDERS-*'], ['ORDERS-eu d', 'ORDERS-us e']],
    ['names and patterns that overlap', ['ORDERS-eu', 'ORDERS-?u'], ['ORDERS-eu d']],
  ])('in %s', (_, streams, found) => {
    expect(watch(discovering('infra', streams), listed(ACCOUNT))).toEqual({
      isKnown: true,
      selectionCount: 1,
      found: found.map((key) => [key, 0]),
    });
  });

  test('is one selection more, which nobody may satisfy', () => {
    expect(watch(discovering('infra', ['*'], selection('S', 'c')), listed({ S: ['c'] }))).toEqual({
      isKnown: true,
      selectionCount: 2,
      found: [['S c', 0]],
    });
  });

  test('judges a consumer that it also names as it is named', () => {
    const named = selection('S', 'a', { critical: true, expectPullers: 'when_due' });
    const [watched] = resolveWatchList(
      [discovering('infra', ['*'], named)],
      listed({ S: ['a@infra', 'b@infra'] }),
      NO_LIMITS,
    ).components;
    expect(
      watched?.consumers.map(({ terms }) => [
        terms.key,
        terms.selections,
        terms.critical,
        terms.expectPullers,
      ]),
    ).toEqual([
      ['S a', [0, 1], true, 'when_due'],
      ['S b', [1], false, 'always'],
    ]);
  });

  test('is unknown until the streams are told and each of them was listed', () => {
    const component = discovering('infra', ['*']);
    expect(watch(component, NOTHING).isKnown).toBe(false);
    expect(watch(component, { listed: new Map(), streams: new Set(['S']) }).isKnown).toBe(false);
    expect(watch(component, { listed: new Map(), streams: new Set() }).isKnown).toBe(true);
    expect(watch(component, listed({ S: [] })).isKnown).toBe(true);
  });

  test('needs nobody to tell the streams when it names them', () => {
    const component = discovering('infra', ['S']);
    expect(watch(component, NOTHING).isKnown).toBe(false);
    expect(watch(component, { ...listed({ S: ['a@infra'] }), streams: undefined })).toMatchObject({
      isKnown: true,
      found: [['S a', 0]],
    });
  });
});

test('createWatchList resolves again only when there is news', () => {
  let known = listed({ S: ['a'] });
  const watchList = createWatchList({
    components: [component('infra', selection('S'))],
    known: () => known,
    limitsFor: NO_LIMITS,
  });
  const first = watchList();
  expect(watchList()).toBe(first);
  known = listed({ S: ['a', 'b'] });
  expect(watchList().consumers.map(({ consumer }) => consumer)).toEqual(['a', 'b']);
});
