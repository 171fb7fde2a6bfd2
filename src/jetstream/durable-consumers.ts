import type { ProblemKind } from '../health/consumer-reading.js';
import type { JetStreamApi } from './api.js';
import { metadataOf } from './consumer-info.js';
import { readConsumerPages } from './consumer-pages.js';
import { isJsonObject, textOf } from './json-fields.js';
import { AbsentError, problemKindOf } from './read-problem.js';

/** A consumer as far as a configuration that is to name it must know it. */
export interface DescribedConsumer {
  readonly consumer: string;
  /** False: it goes away with its client, and another one may come under another name. */
  readonly isDurable: boolean;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** The consumers of a stream, or why they could not be listed. */
export type DescribedStream =
  | {
      readonly outcome: 'listed';
      readonly consumers: readonly DescribedConsumer[];
      /** Consumers that exist and did not answer, so that nothing else is known of them. */
      readonly unanswered: readonly string[];
    }
  | { readonly outcome: 'inconclusive'; readonly problem: ProblemKind };

/** Lists a stream's consumers with what tells the lasting ones from the others. Never rejects. */
export async function describeConsumers(
  api: Pick<JetStreamApi, 'consumerList'>,
  stream: string,
  timeoutMs: number,
): Promise<DescribedStream> {
  const consumers = new Map<string, DescribedConsumer>();
  const unanswered = new Set<string>();
  try {
    await readConsumerPages(api, { stream, timeoutMs: () => timeoutMs }, (page) => {
      for (const name of page.unanswered) unanswered.add(name);
      for (const { name, config } of page.consumers) {
        const consumer = textOf(name);
        if (consumer === undefined || !isJsonObject(config)) continue;
        const isDurable = textOf(config.durable_name) !== undefined;
        consumers.set(consumer, { consumer, isDurable, metadata: metadataOf(config.metadata) });
      }
    });
  } catch (error) {
    // A stream that was deleted a moment ago has none.
    if (!(error instanceof AbsentError)) return { outcome: 'inconclusive', problem: problemKindOf(error) };
  }
  return {
    outcome: 'listed',
    consumers: [...consumers.values()],
    unanswered: [...unanswered].filter((name) => !consumers.has(name)),
  };
}
