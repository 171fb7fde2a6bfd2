import type { Clock } from '../clock.js';
import type { ConsumerId, ConsumerReading, Observation } from '../health/consumer-reading.js';
import type { Limiter } from '../limiter.js';
import type { JetStreamApi } from './api.js';
import type { ConsumerInfo } from './consumer-info.js';
import type { ConsumerMemories } from './consumer-memory.js';
import type { ConsumerPage } from './consumer-page.js';
import { entryAt } from './consumer-page.js';
import { readConsumerPages } from './read-consumer-pages.js';
import { textOf } from './json-fields.js';
import type { ListStrategy } from './list-strategy.js';
import type { Observer } from './observe-consumer.js';
import { failureOf } from './observe-consumer.js';
import type { PageMemory } from './page-memory.js';
import { AbsentError, NeverAskedError, problemKindOf } from './read-problem.js';
import type { WatchedStream } from './watched-stream.js';

/** What an entry of a page said. Not kept of a consumer with work: it must be asked about again, alike or not. */
export interface IdleConsumer {
  readonly id: ConsumerId;
  readonly reading: ConsumerReading;
}

export interface ReadByListDeps {
  readonly api: Pick<JetStreamApi, 'consumerList'>;
  readonly observer: Observer;
  readonly memories: ConsumerMemories;
  readonly pageMemory: PageMemory<IdleConsumer>;
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
  { stream, ids, placeOf }: WatchedStream,
  { api, observer, memories, pageMemory, strategy, clock, timeoutMs, pages, report }: ReadByListDeps,
): Promise<ReadList> {
  const isRead = new Uint8Array(ids.length);
  const readings: Promise<void>[] = [];
  let askedAt = clock.now();

  const isUnread = (consumer: string): boolean => isRead[placeOf.get(consumer) ?? -1] === 0;
  const markRead = (consumer: string): void => {
    isRead[placeOf.get(consumer) ?? -1] = 1;
  };

  const takePage = ({ entries }: ConsumerPage, offset: number): void => {
    const pageAskedAt = askedAt;
    pageMemory.read({ stream, offset }, entries, (index, known) => {
      // A question by itself may have told something else meanwhile.
      if (
        known !== undefined &&
        isUnread(known.id.consumer) &&
        memories.of(known.id).idle === known.reading
      ) {
        markRead(known.id.consumer);
        report(known.id, { outcome: 'reading', askedAt: pageAskedAt, reading: known.reading });
        return known;
      }
      const value = entryAt(entries, index);
      const id = ids[placeOf.get(textOf(value?.name) ?? '') ?? -1];
      if (id === undefined || !isUnread(id.consumer)) return undefined;
      const info = decodedOrMissed(value, id, observer);
      if (info === undefined) return undefined;
      markRead(id.consumer);
      // Most consumers of a long list are idle: a promise for each of them would cost more than all the rest.
      const asked = { info, askedAt: pageAskedAt };
      const idle = observer.ofIdle(asked);
      if (idle !== undefined) {
        report(id, idle);
        return { id, reading: idle.reading };
      }
      readings.push(
        observer
          .complete(asked)
          .catch((error: unknown) => failureOf(error, pageAskedAt))
          .then((observation) => {
            report(id, observation);
          }),
      );
      return undefined;
    });
  };

  const askPage = (offset: number): Promise<ConsumerPage> =>
    pages.run(
      async () => {
        // A list that was not answered speaks against all that follow.
        if (!strategy.isListCheaper(stream, ids.length)) throw new NeverAskedError();
        askedAt = clock.now();
        return api.consumerList(stream, offset, timeoutMs());
      },
      { member: stream },
    );

  try {
    const total = await readConsumerPages(askPage, takePage);
    strategy.noteTotal(stream, total);
  } catch (error) {
    const kind =
      error instanceof AbsentError || error instanceof NeverAskedError ? undefined : problemKindOf(error);
    if (kind === 'timeout') {
      // A server known to stand alone is slow; questions one by one would be more work for it.
      const isAlone = ids.some((id) => memories.of(id).wasClustered === false);
      if (!isAlone) strategy.noteSilence();
    } else if (kind !== undefined) {
      strategy.noteFailure(stream);
    }
  }
  return {
    missed: ids.filter((_, place) => isRead[place] === 0),
    completed: Promise.all(readings),
  };
}

function decodedOrMissed(value: unknown, id: ConsumerId, observer: Observer): ConsumerInfo | undefined {
  try {
    return observer.decode(value, id);
  } catch {
    return undefined;
  }
}
