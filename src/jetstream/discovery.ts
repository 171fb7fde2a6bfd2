import type { ProblemKind } from '../health/consumer-reading.js';
import type { JetStreamApi } from './api.js';
import { metadataOf } from './consumer-info.js';
import { readConsumerPages } from './consumer-pages.js';
import { isJsonObject, textOf } from './json-fields.js';
import { AbsentError, problemKindOf } from './read-problem.js';

/** A server waits 4 s for members of its cluster that do not answer. */
const LIST_TIMEOUT_MS = 6000;

type Metadata = Readonly<Record<string, string>> | undefined;

/** What a stream's consumer list said; a failure is a value. */
export type Listing =
  | {
      readonly outcome: 'listed';
      readonly consumers: readonly { readonly consumer: string; readonly metadata: Metadata }[];
      /** Consumers that exist and did not answer. */
      readonly unanswered: readonly string[];
    }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'inconclusive'; readonly problem: ProblemKind };

/** Lists the consumers of a stream with their metadata, beside the rounds and with more time than those have. */
export function createConsumerLister(
  api: Pick<JetStreamApi, 'consumerList'>,
): (stream: string) => Promise<Listing> {
  return async (stream) => {
    const consumers = new Map<string, Metadata>();
    const unanswered = new Set<string>();
    try {
      await readConsumerPages(api, { stream, timeoutMs: () => LIST_TIMEOUT_MS }, (page) => {
        for (const name of page.unanswered) unanswered.add(name);
        for (const info of page.consumers) {
          const name = textOf(info.name);
          if (name !== undefined)
            consumers.set(name, isJsonObject(info.config) ? metadataOf(info.config.metadata) : undefined);
        }
      });
    } catch (error) {
      return error instanceof AbsentError
        ? { outcome: 'absent' }
        : { outcome: 'inconclusive', problem: problemKindOf(error) };
    }
    return {
      outcome: 'listed',
      consumers: Array.from(consumers, ([consumer, metadata]) => ({ consumer, metadata })),
      unanswered: [...unanswered].filter((name) => !consumers.has(name)),
    };
  };
}
