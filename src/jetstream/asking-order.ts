import type { ConsumerId } from '../health/consumer-reading.js';
import type { ConsumerMemories } from './consumer-memory.js';

/** First those who answered last time, then those whose last question timed out, the longest waiting first. */
export function inAskingOrder(ids: readonly ConsumerId[], memories: ConsumerMemories): ConsumerId[] {
  const timedOut = ids
    .map((id) => ({ id, at: memories.of(id).timedOutAt ?? -Infinity }))
    .filter(({ at }) => at > -Infinity);
  if (timedOut.length === 0) return [...ids];
  return [
    ...ids.filter((id) => memories.of(id).timedOutAt === undefined),
    ...timedOut.sort((a, b) => a.at - b.at).map(({ id }) => id),
  ];
}
