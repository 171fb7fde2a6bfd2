import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import { createLimiter } from '../limiter.js';
import type { JetStreamApi } from './api.js';
import { createConsumerMemories } from './consumer-memory.js';
import type { GivenUpMessages } from './given-up-messages.js';
import { createListStrategy } from './list-strategy.js';
import { createMessageLookups } from './message-lookups.js';
import { createObserver } from './observe-consumer.js';
import { createPageMemory } from './page-memory.js';
import type { IdleConsumer } from './read-by-list.js';
import { readByList } from './read-by-list.js';
import { NeverAskedError } from './read-problem.js';
import { readSingly } from './read-singly.js';
import type { WatchedStream } from './watched-stream.js';
import { watchedStreams } from './watched-stream.js';

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
  const pageMemory = createPageMemory<IdleConsumer>();
  const startLookups = createMessageLookups(api, clock);
  /** The same list comes round after round. */
  let watched: { readonly consumers: readonly ConsumerId[]; readonly streams: Streams } | undefined;

  return async (consumers: readonly ConsumerId[], { deadline, report }: ReadRound): Promise<void> => {
    if (watched?.consumers !== consumers) {
      watched = { consumers, streams: watchedStreams(consumers) };
      memories.keepOnly(consumers);
      pageMemory.keepOnly(watched.streams);
    }
    const { streams } = watched;
    const timeoutMs = (): number => {
      const left = deadline - clock.now();
      if (left <= 0) throw new NeverAskedError();
      return Math.min(requestMs, left);
    };
    const observer = createObserver({ api, memories, givenUp, lookUp: startLookups(), clock, timeoutMs });
    const deps = {
      ...{ api, observer, memories, pageMemory, strategy, clock, timeoutMs },
      infos: createLimiter(INFOS_AT_ONCE),
      pages: createLimiter(PAGES_AT_ONCE),
      report({ stream, consumer }: ConsumerId, observation: Observation) {
        const of = streams.get(stream);
        const index = of?.indices[of.placeOf.get(consumer) ?? -1];
        if (index !== undefined) report(index, observation);
      },
    };

    const readStream = async (stream: WatchedStream): Promise<void> => {
      const { missed, completed } = await readByList(stream, deps);
      await Promise.all([readSingly(missed, deps), completed]);
    };
    const isListed = ({ stream, ids }: WatchedStream): boolean => strategy.isListCheaper(stream, ids.length);
    const all = [...streams.values()];
    const listed = all.filter(isListed);
    const singles = all.filter((stream) => !listed.includes(stream)).flatMap(({ ids }) => ids);
    await Promise.all([readSingly(singles, deps), ...listed.map(readStream)]);
  };
}

type Streams = ReadonlyMap<string, WatchedStream>;
