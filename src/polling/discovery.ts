import type { Logger } from '../logger.js';
import type { ListConsumers, ListedConsumer } from './read-consumers.js';
import type { ListedStreams } from './watch-list.js';

export interface DiscoveryDeps {
  /** The streams whose consumers must be known. */
  readonly streams: readonly string[];
  readonly listConsumers: ListConsumers;
  /** Between two refreshes, ms. */
  readonly everyMs: number;
  /** Between two tries as long as a stream has never been listed, ms. */
  readonly retryMs: number;
  readonly log: Logger;
  /** Called after a refresh that learnt about a stream for the first time. */
  readonly onFirstKnown: () => void;
}

/** Which consumers the listed streams have, refreshed beside the rounds and on its own clock. */
export interface Discovery {
  known(): ListedStreams;
  start(): void;
  stop(): void;
}

export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const { streams, listConsumers, everyMs, retryMs, log, onFirstKnown } = deps;
  let known: ListedStreams = new Map();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function refresh(): Promise<void> {
    const next = new Map(known);
    // One stream after the other: a list is the dearest question there is.
    for (const stream of streams) {
      const listing = await listConsumers(stream);
      if (listing.outcome === 'inconclusive') {
        // A failed refresh keeps the known set.
        log.debug({ event: 'discovery', problem: listing.problem }, 'consumers could not be listed');
      } else {
        next.set(stream, listing.outcome === 'absent' ? [] : consumersOf(listing));
      }
    }
    if (stopped) return;
    const learnt = next.size > known.size;
    known = next;
    if (learnt) onFirstKnown();
  }

  function schedule(ms: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      void refresh()
        .catch((error: unknown) => {
          log.error({ event: 'discovery_failed', err: error }, 'discovery failed');
        })
        .finally(() => {
          schedule(known.size < streams.length ? retryMs : everyMs);
        });
    }, ms);
  }

  return {
    known: () => known,
    start() {
      if (streams.length > 0) schedule(0);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Consumers that exist and did not answer belong to the set as much as the others. */
function consumersOf({
  consumers,
  unanswered,
}: {
  readonly consumers: readonly ListedConsumer[];
  readonly unanswered: readonly string[];
}): readonly ListedConsumer[] {
  return [...consumers, ...unanswered.map((consumer) => ({ consumer, metadata: undefined }))];
}
