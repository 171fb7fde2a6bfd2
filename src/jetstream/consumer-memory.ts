import type { ConsumerId, ConsumerReading } from '../health/consumer-reading.js';
import type { OldestMemory } from './oldest-unacked.js';

/** What is remembered of one consumer from round to round, for asking and not for judging. */
export interface ConsumerMemory {
  /** What the last answer said, when it told of no work. */
  idle: ConsumerReading | undefined;
  oldest: OldestMemory | undefined;
  /** Whether the last answer had a cluster block; undefined before the first answer. */
  wasClustered: boolean | undefined;
  /** Who answered last, in a cluster. */
  leader: string | undefined;
  /** Monotonic ms of the question that timed out last; undefined once one was answered. */
  timedOutAt: number | undefined;
}

export interface ConsumerMemories {
  of(id: ConsumerId): ConsumerMemory;
  /** Forgets all consumers but these. */
  keepOnly(consumers: readonly ConsumerId[]): void;
}

/** By stream and by consumer: a key made of both would be made for every consumer in every round. */
export function createConsumerMemories(): ConsumerMemories {
  let streams = new Map<string, Map<string, ConsumerMemory>>();
  let size = 0;

  const put = ({ stream, consumer }: ConsumerId, memory: ConsumerMemory): ConsumerMemory => {
    const known = streams.get(stream);
    if (known === undefined) streams.set(stream, new Map([[consumer, memory]]));
    else known.set(consumer, memory);
    size += 1;
    return memory;
  };
  return {
    of: (id) =>
      streams.get(id.stream)?.get(id.consumer) ??
      put(id, {
        idle: undefined,
        oldest: undefined,
        wasClustered: undefined,
        leader: undefined,
        timedOutAt: undefined,
      }),
    keepOnly(consumers) {
      if (size <= consumers.length) return;
      const before = streams;
      streams = new Map();
      size = 0;
      for (const id of consumers) {
        const memory = before.get(id.stream)?.get(id.consumer);
        if (memory !== undefined) put(id, memory);
      }
    },
  };
}
