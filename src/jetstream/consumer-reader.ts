import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import { createLimiter } from '../limiter.js';
import type { JetStreamApi } from './api.js';
import { createConsumerMemories } from './consumer-memory.js';
import type { GivenUpMessages } from './given-up-messages.js';
import { createListStrategy } from './list-strategy.js';
import { createMessageLookups } from './message-lookups.js';
import { createObserver } from './observe-consumer.js';
import { readByList } from './read-by-list.js';
import { NeverAskedError } from './read-problem.js';
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
/** Two that are parsed in one turn hold up the event loop. */
const PAGES_AT_ONCE = 1;

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
    const timeoutMs = (): number => {
      const left = deadline - clock.now();
      if (left <= 0) throw new NeverAskedError();
      return Math.min(requestMs, left);
    };
    const observer = createObserver({ api, memories, givenUp, lookUp: startLookups(), clock, timeoutMs });
    const deps = {
      ...{ api, observer, memories, strategy, clock, timeoutMs },
      infos: createLimiter(INFOS_AT_ONCE),
      pages: createLimiter(PAGES_AT_ONCE),
      report({ stream, consumer }: ConsumerId, observation: Observation) {
        const index = byStream.get(stream)?.get(consumer);
        if (index !== undefined) report(index, observation);
      },
    };

    const readStream = async (stream: string): Promise<void> => {
      const { missed, completed } = await readByList(stream, [...(byStream.get(stream)?.keys() ?? [])], deps);
      await Promise.all([readSingly(missed, deps), completed]);
    };
    const listed = new Set<string>();
    for (const [stream, watched] of byStream) {
      if (strategy.isListCheaper(stream, watched.size)) listed.add(stream);
    }
    const singles = consumers.filter(({ stream }) => !listed.has(stream));
    await Promise.all([readSingly(singles, deps), ...Array.from(listed, readStream)]);
  };
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
