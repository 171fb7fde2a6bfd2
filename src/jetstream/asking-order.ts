import type { ConsumerId } from '../health/consumer-reading.js';
import type { ConsumerMemories } from './consumer-memory.js';

/** Whom to ask next, so that those who do not answer hold up nobody who would. */
export interface AskingOrder {
  /**
   * First those who answered last time, then those whose leader was found silent in this round, then those whose last
   * question timed out, the longest waiting first.
   */
  next(): ConsumerId | undefined;
  /** This consumer has not answered for so long that others of its leader need not be asked before the rest. */
  noteSilence(id: ConsumerId): void;
  /** Whether somebody waits who can be expected to answer: then nobody else's silence is worth waiting for. */
  hasExpected(): boolean;
}

export function createAskingOrder(ids: readonly ConsumerId[], memories: ConsumerMemories): AskingOrder {
  const isPatient = (id: ConsumerId): boolean => memories.of(id).timedOutAt === undefined;
  const expected = ids.filter(isPatient).reverse();
  const suspected: ConsumerId[] = [];
  const timedOut = ids
    .filter((id) => !isPatient(id))
    .map((id) => ({ id, timedOutAt: memories.of(id).timedOutAt ?? -Infinity }))
    .sort((a, b) => b.timedOutAt - a.timedOutAt)
    .map(({ id }) => id);
  const silentLeaders = new Set<string>();

  const isSuspect = (id: ConsumerId): boolean => {
    const { leader } = memories.of(id);
    return leader !== undefined && silentLeaders.has(leader);
  };
  const dropSuspects = (): void => {
    for (let id = expected.at(-1); id !== undefined && isSuspect(id); id = expected.at(-1)) {
      suspected.push(id);
      expected.pop();
    }
  };
  return {
    next() {
      dropSuspects();
      return expected.pop() ?? suspected.shift() ?? timedOut.pop();
    },
    noteSilence(id) {
      const { leader } = memories.of(id);
      if (leader !== undefined) silentLeaders.add(leader);
    },
    hasExpected() {
      dropSuspects();
      return expected.length > 0;
    },
  };
}
