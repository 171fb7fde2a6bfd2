import type { ProblemKind } from '../health/consumer-reading.js';
import type { JetStreamApi } from './api.js';
import { metadataOf } from './consumer-info.js';
import { entryAt } from './consumer-page.js';
import { readConsumerPages } from './read-consumer-pages.js';
import { countOf, isJsonObject, textOf } from './json-fields.js';
import type { JsonObject } from './json-fields.js';
import { AbsentError, problemKindOf, ReadProblem } from './read-problem.js';

/** A server waits 4 s for members of its cluster that do not answer. */
const LIST_TIMEOUT_MS = 6000;

/** One consumer as far as a list is needed to know of it. */
export interface ListedConsumer {
  readonly consumer: string;
  /** False: it goes away with its client, and another one may come under another name. */
  readonly isDurable: boolean;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** What a stream's consumer list said; a failure is a value. */
export type Listing =
  | {
      readonly outcome: 'listed';
      readonly consumers: readonly ListedConsumer[];
      /** Consumers that exist and did not answer. */
      readonly unanswered: readonly string[];
    }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'inconclusive'; readonly problem: ProblemKind };

/** What the account's list of streams said. */
export type StreamListing =
  | { readonly outcome: 'listed'; readonly streams: readonly string[] }
  | { readonly outcome: 'inconclusive'; readonly problem: ProblemKind };

/** Lists the names of the account's streams, page by page. */
export function createStreamLister(api: Pick<JetStreamApi, 'streamNames'>): () => Promise<StreamListing> {
  return async () => {
    const streams = new Set<string>();
    try {
      for (let offset = 0, total = 1; offset < total;) {
        const page = namesPageOf(await api.streamNames(offset, LIST_TIMEOUT_MS));
        for (const name of page.names) streams.add(name);
        ({ total } = page);
        offset += page.names.length;
        // Streams that were deleted meanwhile: there is no more.
        if (page.names.length === 0) break;
      }
    } catch (error) {
      return { outcome: 'inconclusive', problem: problemKindOf(error) };
    }
    return { outcome: 'listed', streams: [...streams] };
  };
}

function namesPageOf({ total, streams }: JsonObject): { total: number; names: readonly string[] } {
  const count = countOf(total);
  // None at all is null.
  const entries: unknown = streams ?? [];
  if (count === undefined || !Array.isArray(entries)) throw new ReadProblem('malformed');
  const names = (entries as unknown[]).map(textOf).filter((name) => name !== undefined);
  if (names.length !== entries.length) throw new ReadProblem('malformed');
  return { total: count, names };
}

/** Lists the consumers of a stream, beside the rounds and with more time than those have. */
export function createConsumerLister(
  api: Pick<JetStreamApi, 'consumerList'>,
): (stream: string) => Promise<Listing> {
  return async (stream) => {
    const consumers = new Map<string, ListedConsumer>();
    const unanswered = new Set<string>();
    try {
      const askPage = (offset: number) => api.consumerList(stream, offset, LIST_TIMEOUT_MS);
      await readConsumerPages(askPage, (page) => {
        for (const name of page.unanswered) unanswered.add(name);
        for (let index = 0; index < page.entries.starts.length; index++) {
          const { name, config } = entryAt(page.entries, index) ?? {};
          const consumer = textOf(name);
          // Left out, it would be taken for one that does not exist.
          if (consumer === undefined) throw new ReadProblem('malformed');
          const { durable_name: durableName, metadata } = isJsonObject(config) ? config : {};
          const isDurable = textOf(durableName) !== undefined;
          consumers.set(consumer, { consumer, isDurable, metadata: metadataOf(metadata) });
        }
      });
    } catch (error) {
      return error instanceof AbsentError
        ? { outcome: 'absent' }
        : { outcome: 'inconclusive', problem: problemKindOf(error) };
    }
    return {
      outcome: 'listed',
      consumers: [...consumers.values()],
      unanswered: [...unanswered].filter((name) => !consumers.has(name)),
    };
  };
}
