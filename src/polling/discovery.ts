import type { ProblemKind } from '../health/consumer-reading.js';
import { createLimiter } from '../limiter.js';
import type { Logger } from '../logger.js';
import { patternMatcher } from './name-pattern.js';
import type { ConsumerListing, ListConsumers, ListedConsumer, ListStreams } from './read-consumers.js';
import type { KnownConsumers, WantedStreams } from './selections.js';

export interface DiscoveryDeps {
  readonly wanted: WantedStreams;
  readonly listConsumers: ListConsumers;
  readonly listStreams: ListStreams;
  /** Between two refreshes, ms. */
  readonly everyMs: number;
  /** Between two tries as long as something wanted has never been told, ms. */
  readonly retryMs: number;
  readonly log: Logger;
  /** Called after a refresh that learnt about a stream for the first time. */
  readonly onFirstKnown: () => void;
}

/** Which consumers the wanted streams have, refreshed beside the rounds and on its own clock. */
export interface Discovery {
  /** The same object for as long as nothing was refreshed. */
  known(): KnownConsumers;
  /** What could not be listed in the last refresh; `stream` undefined: the streams of the account. */
  failures(): readonly FailedListing[];
  /** Resolves when the first refresh has ended, whatever came of it. */
  start(): Promise<void>;
  stop(): void;
}

export interface FailedListing {
  readonly stream: string | undefined;
  readonly problem: ProblemKind;
}

export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const { wanted, listConsumers, listStreams, everyMs, retryMs, log, onFirstKnown } = deps;
  const matchers = wanted.patterns.map(patternMatcher);
  const listed = new Map<string, readonly ListedConsumer[]>();
  let known: KnownConsumers = { listed, streams: undefined };
  let failures: readonly FailedListing[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** @returns whether something is known now that was not */
  async function refresh(): Promise<boolean> {
    const failed: FailedListing[] = [];
    const firstStreams = known.streams === undefined;
    const matching = await matchingStreams(failed);
    let learnt = firstStreams && known.streams !== undefined;
    const list = async (stream: string): Promise<void> => {
      const listing = await listConsumers(stream);
      if (listing.outcome === 'inconclusive') {
        // A failed refresh keeps the known set.
        failed.push({ stream, problem: listing.problem });
        return;
      }
      learnt ||= !listed.has(stream);
      listed.set(stream, consumersOf(listing, listed.get(stream)));
      known = { listed, streams: known.streams && withMatching(known.streams, stream, matching) };
    };
    // A list is the dearest question there is, so one stream after the other; with silent servers one takes seconds.
    const limiter = createLimiter(1);
    await Promise.all(
      Array.from(new Set([...wanted.names, ...matching]), (stream) =>
        limiter.run(async () => {
          if (!stopped) await list(stream);
        }),
      ),
    );
    if (stopped) return false;
    tell(failed);
    return learnt;
  }

  /** The streams of the account that are wanted; those known before when nobody tells. */
  async function matchingStreams(failed: FailedListing[]): Promise<ReadonlySet<string>> {
    if (matchers.length === 0) return new Set();
    const listing = await listStreams();
    if (listing.outcome === 'inconclusive') {
      failed.push({ stream: undefined, problem: listing.problem });
      return known.streams ?? new Set();
    }
    const matching = new Set(listing.streams.filter((name) => matchers.some((matches) => matches(name))));
    for (const stream of listed.keys()) {
      if (!matching.has(stream) && !wanted.names.includes(stream)) listed.delete(stream);
    }
    // One that came later counts once it was listed: it must not make unknown again what is known.
    const counted = [...matching].filter((stream) => known.streams?.has(stream) !== false);
    known = { listed, streams: new Set(counted) };
    return matching;
  }

  function tell(failed: readonly FailedListing[]): void {
    if (failed.length > 0 && JSON.stringify(failed) !== JSON.stringify(failures)) {
      log.warn(
        { event: 'discovery_incomplete', failed: failed.length, problem: failed[0]?.problem },
        'consumers could not be listed, /debug/consumers says of which stream; those known before stay',
      );
    }
    failures = failed;
  }

  function isComplete(): boolean {
    const { streams } = known;
    const counted = matchers.length === 0 ? [] : streams;
    return counted !== undefined && [...wanted.names, ...counted].every((stream) => listed.has(stream));
  }

  async function refreshAndSchedule(): Promise<void> {
    try {
      const learnt = await refresh();
      if (learnt && !stopped) onFirstKnown();
    } catch (error) {
      log.error({ event: 'discovery_failed', err: error }, 'discovery failed');
    }
    if (!stopped) timer = setTimeout(() => void refreshAndSchedule(), isComplete() ? everyMs : retryMs);
  }

  return {
    known: () => known,
    failures: () => failures,
    async start() {
      if (wanted.names.length + wanted.patterns.length > 0) await refreshAndSchedule();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function withMatching(
  streams: ReadonlySet<string>,
  stream: string,
  matching: ReadonlySet<string>,
): ReadonlySet<string> {
  return matching.has(stream) && !streams.has(stream) ? new Set([...streams, stream]) : streams;
}

/**
 * Consumers that exist and did not answer belong to the set as much as the others, with what was known of them.
 *
 * @param before what the last list said
 */
function consumersOf(
  listing: Exclude<ConsumerListing, { outcome: 'inconclusive' }>,
  before: readonly ListedConsumer[] = [],
): readonly ListedConsumer[] {
  if (listing.outcome === 'absent') return [];
  const metadata = new Map(before.map((known) => [known.consumer, known.metadata]));
  return [
    ...listing.consumers,
    ...listing.unanswered.map((consumer) => ({ consumer, metadata: metadata.get(consumer) })),
  ];
}
