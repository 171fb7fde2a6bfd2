import type { ComponentConfig, ConsumerSelection, MetadataSelection } from '../config/config.js';
import { componentIn } from '../config/metadata-thresholds.js';
import type { ConsumerTerms } from '../health/component-round.js';
import type { ConsumerId } from '../health/consumer-reading.js';
import { isPattern, patternMatcher } from './name-pattern.js';
import type { ListedConsumer } from './read-consumers.js';

/** What discovery knows. */
export interface KnownConsumers {
  /** By stream, of the streams that were listed; a stream that does not exist has an empty list. */
  readonly listed: ReadonlyMap<string, readonly ListedConsumer[]>;
  /** Streams of the account that the wanted patterns match; undefined as long as nobody told. */
  readonly streams: ReadonlySet<string> | undefined;
}

/** The streams whose consumers must be listed. */
export interface WantedStreams {
  readonly names: readonly string[];
  /** To be looked up among the streams of the account. */
  readonly patterns: readonly string[];
}

/** One way in which a component takes consumers; each must find at least one. */
export interface Selection {
  /** Names one consumer, which belongs to the component whether it exists or not. */
  readonly isExact: boolean;
  readonly judgement: Pick<ConsumerTerms, 'expectPullers' | 'workWindowMs' | 'critical'>;
  readonly wanted: WantedStreams;
  /** Undefined while a stream that must be listed has never been. */
  readonly find: (known: KnownConsumers) => readonly ConsumerId[] | undefined;
}

export function selectionsOf({ id, consumers, discover }: ComponentConfig): readonly Selection[] {
  return [...consumers.map(byName), ...(discover === undefined ? [] : [byMetadata(id, discover)])];
}

function byName({ stream, consumer, ...judgement }: ConsumerSelection): Selection {
  if (consumer !== undefined && !isPattern(consumer)) {
    const exact = [{ stream, consumer }];
    return { isExact: true, judgement, wanted: { names: [], patterns: [] }, find: () => exact };
  }
  const matches = consumer === undefined ? () => true : patternMatcher(consumer);
  return {
    isExact: false,
    judgement,
    wanted: { names: [stream], patterns: [] },
    find: ({ listed }) => idsIn(stream, listed.get(stream), (known) => matches(known.consumer)),
  };
}

function byMetadata(componentId: string, { streams }: MetadataSelection): Selection {
  const names = streams.filter((stream) => !isPattern(stream));
  const patterns = streams.filter(isPattern);
  const matchers = patterns.map(patternMatcher);
  return {
    isExact: false,
    judgement: { expectPullers: 'always', workWindowMs: undefined, critical: false },
    wanted: { names, patterns },
    find(known) {
      if (patterns.length > 0 && known.streams === undefined) return undefined;
      const matching = [...(known.streams ?? [])].filter((name) => matchers.some((matches) => matches(name)));
      const found: ConsumerId[] = [];
      for (const stream of new Set([...names, ...matching])) {
        const ids = idsIn(
          stream,
          known.listed.get(stream),
          ({ metadata }) => componentIn(metadata) === componentId,
        );
        if (ids === undefined) return undefined;
        found.push(...ids);
      }
      return found;
    },
  };
}

function idsIn(
  stream: string,
  consumers: readonly ListedConsumer[] | undefined,
  accepts: (known: ListedConsumer) => boolean,
): readonly ConsumerId[] | undefined {
  return consumers?.filter(accepts).map(({ consumer }) => ({ stream, consumer }));
}
