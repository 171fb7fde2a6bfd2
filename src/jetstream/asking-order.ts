import type { ConsumerId } from '../health/consumer-reading.js';
import type { ConsumerMemories } from './consumer-memory.js';

/** First those who answered last time, then those whose last question timed out, the longest waiting first. */
export function inAskingOrder(ids: readonly ConsumerId[], memories: ConsumerMemories): ConsumerId[] {
  const timedOutAt = (id: ConsumerId): number => memories.of(id).timedOutAt ?? -1;
  return [...ids].sort((a, b) => timedOutAt(a) - timedOutAt(b));
}
