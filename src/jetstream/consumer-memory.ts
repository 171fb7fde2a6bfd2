import type { ConsumerId } from '../health/consumer-reading.js';
import type { OldestMemory } from './oldest-unacked.js';

/** What is remembered of one consumer from round to round, for asking and not for judging. */
export interface ConsumerMemory {
  oldest: OldestMemory | undefined;
  /** An answer had a cluster block. */
  wasClustered: boolean;
  /** Monotonic ms of the question that timed out last; undefined once one was answered. */
  timedOutAt: number | undefined;
}

export interface ConsumerMemories {
  of(id: ConsumerId): ConsumerMemory;
  /** Forgets all consumers but these. */
  keepOnly(consumers: readonly ConsumerId[]): void;
}

export function createConsumerMemories(): ConsumerMemories {
  let memories = new Map<string, ConsumerMemory>();
  return {
    of(id) {
      const key = keyOf(id);
      const known = memories.get(key) ?? { oldest: undefined, wasClustered: false, timedOutAt: undefined };
      memories.set(key, known);
      return known;
    },
    keepOnly(consumers) {
      if (memories.size <= consumers.length) return;
      const keys = new Set(consumers.map(keyOf));
      memories = new Map([...memories].filter(([key]) => keys.has(key)));
    },
  };
}

function keyOf({ stream, consumer }: ConsumerId): string {
  return `${stream} ${consumer}`;
}
