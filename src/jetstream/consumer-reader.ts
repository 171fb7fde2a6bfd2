import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import type { JetStreamApi } from './api.js';
import { createConsumerMemories } from './consumer-memory.js';
import type { GivenUpMessages } from './given-up-messages.js';
import { createLimiter } from './limiter.js';
import { createListStrategy } from './list-strategy.js';
import { createMessageLookups } from './message-lookups.js';
import { createObserver } from './observe-consumer.js';
import { readByList } from './read-by-list.js';
import { readSingly } from './read-singly.js';

export interface ConsumerReaderDeps {
  readonly api: JetStreamApi;
  readonly givenUp: GivenUpMessages;
  readonly clock: Clock;
  /** For one request, ms. */
  readonly timeoutMs: number;
}

export interface ReadRound {
  /** Monotonic ms. */
  readonly deadline: number;
  readonly report: (index: number, observation: Observation) => void;
}

/** More at once gain little and hold up the event loop. */
const INFOS_AT_ONCE = 16;

/**
 * Reads the consumers of a round: by the list of their stream where that is cheaper, else one by one. What a list
 * misses is asked singly before anything is concluded. The reader never rejects and asks nothing after the deadline.
 */
export function createConsumerReader({ api, givenUp, clock, timeoutMs: requestMs }: ConsumerReaderDeps) {
  const strategy = createListStrategy(clock);
  const memories = createConsumerMemories();
  const startLookups = createMessageLookups(api, clock);
  /** The same list comes round after round. */
  let indexed: { readonly consumers: readonly ConsumerId[]; readonly byStream: IndicesByStream } | undefined;

  return async (consumers: readonly ConsumerId[], { deadline, report }: ReadRound): Promise<void> => {
    if (indexed?.consumers !== consumers) {
      indexed = { consumers, byStream: indicesByStream(consumers) };
      memories.keepOnly(consumers);
    }
    const { byStream } = indexed;
    const timeoutMs = (): number => Math.min(requestMs, deadline - clock.now());
    const observer = createObserver({ api, memories, givenUp, lookUp: startLookups(), clock, timeoutMs });
    const deps = {
      ...{ api, observer, memories, strategy, clock, timeoutMs, limiter: createLimiter(INFOS_AT_ONCE) },
      report({ stream, consumer }: ConsumerId, observation: Observation) {
        const index = byStream.get(stream)?.get(consumer);
        if (index !== undefined) report(index, observation);
      },
    };

    const readLists = async (streams: readonly string[]): Promise<void> => {
      const unread: ConsumerId[] = [];
      // One stream after the other: one page is outstanding at any time.
      for (const stream of streams) {
        const watched = [...(byStream.get(stream)?.keys() ?? [])];
        // Asked again each time: a list that was not answered speaks against all that follow.
        const isListed = strategy.isListCheaper(stream, watched.length);
        const missed = isListed ? await readByList(stream, watched, deps) : idsOf(stream, watched);
        unread.push(...missed);
      }
      await readSingly(unread, deps);
    };
    const listed = [...byStream].flatMap(([stream, watched]) =>
      strategy.isListCheaper(stream, watched.size) ? [stream] : [],
    );
    const singles = consumers.filter(({ stream }) => !listed.includes(stream));
    await Promise.all([readSingly(singles, deps), readLists(listed)]);
  };
}

function idsOf(stream: string, consumers: readonly string[]): ConsumerId[] {
  return consumers.map((consumer) => ({ stream, consumer }));
}

/** Stream to consumer to its place in the round. */
type IndicesByStream = ReadonlyMap<string, ReadonlyMap<string, number>>;

function indicesByStream(consumers: readonly ConsumerId[]): IndicesByStream {
  const streams = new Map<string, Map<string, number>>();
  consumers.forEach(({ stream, consumer }, index) => {
    const known = streams.get(stream) ?? new Map<string, number>();
    streams.set(stream, known.set(consumer, index));
  });
  return streams;
}
