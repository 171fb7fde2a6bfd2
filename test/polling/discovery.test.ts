import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '../../src/logger.js';
import { createDiscovery } from '../../src/polling/discovery.js';
import type {
  ConsumerListing,
  ListConsumers,
  ListStreams,
  StreamListing,
} from '../../src/polling/read-consumers.js';

const FAILED: ConsumerListing = { outcome: 'inconclusive', problem: 'timeout' };

function listing(...names: string[]): ConsumerListing {
  return {
    outcome: 'listed',
    consumers: names.map((consumer) => ({ consumer, metadata: undefined })),
    unanswered: [],
  };
}

describe('createDiscovery', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function discoveryOf(
    streams: string[],
    listConsumers: ListConsumers,
    {
      patterns = [],
      listStreams = () => Promise.reject(new Error('nobody asked for streams')),
    }: { patterns?: string[]; listStreams?: ListStreams } = {},
  ) {
    const onFirstKnown = jest.fn();
    const discovery = createDiscovery({
      wanted: { names: streams, patterns },
      listConsumers,
      listStreams,
      everyMs: 60_000,
      retryMs: 5000,
      log: createLogger({ level: 'silent' }),
      onFirstKnown,
    });
    const names = (stream: string) =>
      discovery
        .known()
        .listed.get(stream)
        ?.map(({ consumer }) => consumer);
    return { discovery, onFirstKnown, names };
  }

  test('retries soon until every stream is known, then refreshes at its own pace', async () => {
    const list = jest.fn<ListConsumers>().mockResolvedValueOnce(FAILED).mockResolvedValue(listing('a'));
    const { discovery, onFirstKnown, names } = discoveryOf(['S'], list);
    void discovery.start();
    await jest.advanceTimersByTimeAsync(4999);
    expect(names('S')).toBeUndefined();
    expect(onFirstKnown).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(names('S')).toEqual(['a']);
    expect(onFirstKnown).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(59_999);
    expect(list).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(list).toHaveBeenCalledTimes(3);
    expect(onFirstKnown).toHaveBeenCalledTimes(1);
    discovery.stop();
    await jest.advanceTimersByTimeAsync(600_000);
    expect(list).toHaveBeenCalledTimes(3);
  });

  test('a failed refresh keeps the known set; an answer that the stream is gone empties it', async () => {
    const list = jest
      .fn<ListConsumers>()
      .mockResolvedValueOnce(listing('a', 'b'))
      .mockResolvedValueOnce(FAILED)
      .mockResolvedValueOnce({ outcome: 'absent' });
    const { discovery, names } = discoveryOf(['S'], list);
    void discovery.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(list).toHaveBeenCalledTimes(2);
    expect(names('S')).toEqual(['a', 'b']);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(names('S')).toEqual([]);
    discovery.stop();
  });

  test('consumers that exist and did not answer are known', async () => {
    const { discovery, names } = discoveryOf(['S'], () =>
      Promise.resolve({
        outcome: 'listed',
        consumers: [{ consumer: 'a', metadata: undefined }],
        unanswered: ['b'],
      }),
    );
    void discovery.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(names('S')).toEqual(['a', 'b']);
    discovery.stop();
  });

  test('one stream that fails does not hold up the others', async () => {
    const { discovery, names } = discoveryOf(['S', 'T'], (stream) =>
      Promise.resolve(stream === 'S' ? FAILED : listing('t')),
    );
    void discovery.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(names('T')).toEqual(['t']);
    expect(names('S')).toBeUndefined();
    discovery.stop();
  });

  test('a slow stream does not hold up what the others said', async () => {
    const { discovery, names } = discoveryOf(['S', 'T'], (stream) =>
      stream === 'S' ? Promise.resolve(listing('s')) : new Promise(() => undefined),
    );
    void discovery.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(names('S')).toEqual(['s']);
    discovery.stop();
  });

  test('a consumer that does not answer keeps the metadata that was known of it', async () => {
    const list = jest
      .fn<ListConsumers>()
      .mockResolvedValueOnce({
        outcome: 'listed',
        consumers: [{ consumer: 'a', metadata: { k: 'v' } }],
        unanswered: [],
      })
      .mockResolvedValueOnce({ outcome: 'listed', consumers: [], unanswered: ['a'] });
    const { discovery } = discoveryOf(['S'], list);
    void discovery.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(list).toHaveBeenCalledTimes(2);
    expect(discovery.known().listed.get('S')).toEqual([{ consumer: 'a', metadata: { k: 'v' } }]);
    discovery.stop();
  });

  describe('with patterns of streams', () => {
    const told = (...streams: string[]): StreamListing => ({ outcome: 'listed', streams });

    test('follows the streams that come and go', async () => {
      const listStreams = jest
        .fn<ListStreams>()
        .mockResolvedValueOnce(told('ORDERS-eu', 'other'))
        .mockResolvedValueOnce(told('ORDERS-eu', 'ORDERS-us'))
        .mockResolvedValueOnce(told('ORDERS-us'));
      const list = jest.fn<ListConsumers>((stream) => Promise.resolve(listing(`of-${stream}`)));
      const { discovery, onFirstKnown } = discoveryOf(['S'], list, { patterns: ['ORDERS-*'], listStreams });
      const state = () => [[...discovery.known().listed.keys()], [...(discovery.known().streams ?? [])]];
      void discovery.start();
      await jest.advanceTimersByTimeAsync(0);
      expect(state()).toEqual([['S', 'ORDERS-eu'], ['ORDERS-eu']]);
      await jest.advanceTimersByTimeAsync(60_000);
      expect(state()).toEqual([
        ['S', 'ORDERS-eu', 'ORDERS-us'],
        ['ORDERS-eu', 'ORDERS-us'],
      ]);
      expect(onFirstKnown).toHaveBeenCalledTimes(2);
      await jest.advanceTimersByTimeAsync(60_000);
      expect(state()).toEqual([['S', 'ORDERS-us'], ['ORDERS-us']]);
      expect(onFirstKnown).toHaveBeenCalledTimes(2);
      discovery.stop();
    });

    test('an account without streams is known to have none', async () => {
      const { discovery, onFirstKnown } = discoveryOf([], () => Promise.resolve(FAILED), {
        patterns: ['*'],
        listStreams: () => Promise.resolve(told()),
      });
      void discovery.start();
      await jest.advanceTimersByTimeAsync(0);
      expect(discovery.known().streams).toEqual(new Set());
      expect(onFirstKnown).toHaveBeenCalledTimes(1);
      discovery.stop();
    });

    test('streams that nobody tells stay as they were, and are asked for soon at the start', async () => {
      const listStreams = jest
        .fn<ListStreams>()
        .mockResolvedValueOnce({ outcome: 'inconclusive', problem: 'permission' })
        .mockResolvedValueOnce(told('S'))
        .mockResolvedValue({ outcome: 'inconclusive', problem: 'timeout' });
      const list = jest
        .fn<ListConsumers>()
        .mockResolvedValueOnce(listing('a'))
        .mockResolvedValue(listing('a', 'b'));
      const { discovery, names } = discoveryOf([], list, { patterns: ['*'], listStreams });
      void discovery.start();
      await jest.advanceTimersByTimeAsync(0);
      expect(discovery.known().streams).toBeUndefined();
      expect(discovery.failures()).toEqual([{ stream: undefined, problem: 'permission' }]);
      await jest.advanceTimersByTimeAsync(5000);
      expect(names('S')).toEqual(['a']);
      expect(discovery.failures()).toEqual([]);
      await jest.advanceTimersByTimeAsync(60_000);
      expect([...(discovery.known().streams ?? [])]).toEqual(['S']);
      expect(names('S')).toEqual(['a', 'b']);
      discovery.stop();
    });

    test('a stream that came later and cannot be listed makes nothing unknown', async () => {
      const listStreams = jest.fn<ListStreams>().mockResolvedValue(told('S', 'T'));
      listStreams.mockResolvedValueOnce(told('S'));
      let failing = true;
      const { discovery } = discoveryOf(
        [],
        (stream) => Promise.resolve(stream === 'T' && failing ? FAILED : listing('a')),
        { patterns: ['*'], listStreams },
      );
      void discovery.start();
      await jest.advanceTimersByTimeAsync(60_000);
      expect([...(discovery.known().streams ?? [])]).toEqual(['S']);
      expect(discovery.failures()).toEqual([{ stream: 'T', problem: 'timeout' }]);
      failing = false;
      await jest.advanceTimersByTimeAsync(60_000);
      expect([...(discovery.known().streams ?? [])]).toEqual(['S', 'T']);
      discovery.stop();
    });

    test('one that was there from the start and cannot be listed is tried again soon', async () => {
      const list = jest.fn<ListConsumers>().mockResolvedValueOnce(FAILED).mockResolvedValue(listing('a'));
      const { discovery, names } = discoveryOf([], list, {
        patterns: ['*'],
        listStreams: () => Promise.resolve(told('S')),
      });
      void discovery.start();
      await jest.advanceTimersByTimeAsync(0);
      expect(discovery.known().streams).toEqual(new Set(['S']));
      expect(names('S')).toBeUndefined();
      await jest.advanceTimersByTimeAsync(5000);
      expect(names('S')).toEqual(['a']);
      discovery.stop();
    });
  });
});
