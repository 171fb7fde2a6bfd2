import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import type { Limiter } from '../limiter.js';
import type { JetStreamApi } from './api.js';
import type { ConsumerInfo } from './consumer-info.js';
import type { ConsumerMemories } from './consumer-memory.js';
import type { ConsumerPage } from './consumer-pages.js';
import { readConsumerPages } from './consumer-pages.js';
import { textOf } from './json-fields.js';
import type { JsonObject } from './json-fields.js';
import type { ListStrategy } from './list-strategy.js';
import type { Observer } from './observe-consumer.js';
import { failureOf } from './observe-consumer.js';
import { AbsentError, NeverAskedError, problemKindOf } from './read-problem.js';

export interface ReadByListDeps {
  readonly api: Pick<JetStreamApi, 'consumerList'>;
  readonly observer: Observer;
  readonly memories: ConsumerMemories;
  readonly strategy: ListStrategy;
  readonly clock: Clock;
  readonly timeoutMs: () => number;
  /** Lets one page be outstanding at any time, of whichever stream. */
  readonly pages: Limiter;
  readonly report: (id: ConsumerId, observation: Observation) => void;
}

export interface ReadList {
  /** They may be absent, silent, or have an answer that is not valid. */
  readonly missed: readonly ConsumerId[];
  /** Resolves once those that needed a second question are reported. */
  readonly completed: Promise<unknown>;
}

/** Reads consumers of one stream from the pages of its list. Never rejects; settles when the pages have been read. */
export async function readByList(
  stream: string,
  consumers: readonly string[],
  { api, observer, memories, strategy, clock, timeoutMs, pages, report }: ReadByListDeps,
): Promise<ReadList> {
  const missed = new Set(consumers);
  const readings: Promise<void>[] = [];
  let askedAt = clock.now();

  const take = ({ consumers: infos }: ConsumerPage): void => {
    const pageAskedAt = askedAt;
    for (const value of infos) {
      const id = { stream, consumer: textOf(value.name) ?? '' };
      const info = missed.has(id.consumer) ? decodedOrMissed(value, id, observer) : undefined;
      if (info === undefined) continue;
      missed.delete(id.consumer);
      // Most consumers of a long list are idle: a promise for each of them would cost more than all the rest.
      const asked = { info, askedAt: pageAskedAt };
      const idle = observer.ofIdle(asked);
      if (idle !== undefined) {
        report(id, idle);
        continue;
      }
      readings.push(
        observer
          .complete(asked)
          .catch((error: unknown) => failureOf(error, pageAskedAt))
          .then((observation) => {
            report(id, observation);
          }),
      );
    }
  };

  const askPage = (offset: number): Promise<JsonObject> =>
    pages.run(
      async () => {
        // A list that was not answered speaks against all that follow.
        if (!strategy.isListCheaper(stream, consumers.length)) throw new NeverAskedError();
        askedAt = clock.now();
        return api.consumerList(stream, offset, timeoutMs());
      },
      { member: stream },
    );

  try {
    const total = await readConsumerPages(askPage, take);
    strategy.noteTotal(stream, total);
  } catch (error) {
    const kind =
      error instanceof AbsentError || error instanceof NeverAskedError ? undefined : problemKindOf(error);
    if (kind === 'timeout') {
      // A server known to stand alone is slow; questions one by one would be more work for it.
      const isAlone = consumers.some((consumer) => memories.of({ stream, consumer }).wasClustered === false);
      if (!isAlone) strategy.noteSilence();
    } else if (kind !== undefined) {
      strategy.noteFailure(stream);
    }
  }
  return {
    missed: Array.from(missed, (consumer) => ({ stream, consumer })),
    completed: Promise.all(readings),
  };
}

function decodedOrMissed(value: JsonObject, id: ConsumerId, observer: Observer): ConsumerInfo | undefined {
  try {
    return observer.decode(value, id);
  } catch {
    return undefined;
  }
}
