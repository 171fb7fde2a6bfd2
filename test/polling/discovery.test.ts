import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '../../src/logger.js';
import { createDiscovery } from '../../src/polling/discovery.js';
import type { ConsumerListing, ListConsumers } from '../../src/polling/read-consumers.js';

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

  function discoveryOf(streams: string[], listConsumers: ListConsumers) {
    const onFirstKnown = jest.fn();
    const discovery = createDiscovery({
      streams,
      listConsumers,
      everyMs: 60_000,
      retryMs: 5000,
      log: createLogger({ level: 'silent' }),
      onFirstKnown,
    });
    const names = (stream: string) =>
      discovery
        .known()
        .get(stream)
        ?.map(({ consumer }) => consumer);
    return { discovery, onFirstKnown, names };
  }

  test('retries soon until every stream is known, then refreshes at its own pace', async () => {
    const list = jest.fn<ListConsumers>().mockResolvedValueOnce(FAILED).mockResolvedValue(listing('a'));
    const { discovery, onFirstKnown, names } = discoveryOf(['S'], list);
    discovery.start();
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
    discovery.start();
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
    discovery.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(names('S')).toEqual(['a', 'b']);
    discovery.stop();
  });

  test('one stream that fails does not hold up the others', async () => {
    const { discovery, names } = discoveryOf(['S', 'T'], (stream) =>
      Promise.resolve(stream === 'S' ? FAILED : listing('t')),
    );
    discovery.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(names('T')).toEqual(['t']);
    expect(names('S')).toBeUndefined();
    discovery.stop();
  });
});
