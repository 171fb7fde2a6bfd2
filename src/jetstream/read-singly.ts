import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import type { Limiter } from '../limiter.js';
import { inAskingOrder } from './asking-order.js';
import type { ConsumerMemories } from './consumer-memory.js';
import type { AskedInfo, Observer } from './observe-consumer.js';
import { failureOf } from './observe-consumer.js';
import { NeverAskedError, problemKindOf } from './read-problem.js';

export interface ReadSinglyDeps {
  readonly observer: Observer;
  readonly memories: ConsumerMemories;
  readonly clock: Clock;
  /** Lets so many questions be under way. */
  readonly infos: Limiter;
  readonly report: (id: ConsumerId, observation: Observation) => void;
}

/** Asks about consumers one by one; those who do not answer hold up nobody else. */
export async function readSingly(
  ids: readonly ConsumerId[],
  { observer, memories, clock, infos, report }: ReadSinglyDeps,
): Promise<void> {
  async function read(id: ConsumerId): Promise<void> {
    const memory = memories.of(id);
    const startedAt = clock.now();
    let observation: Observation;
    try {
      observation = await observer.complete(
        await askPatiently(id, memory.timedOutAt === undefined, observer),
      );
      memory.timedOutAt = undefined;
    } catch (error) {
      observation = failureOf(error, startedAt);
      if (observation.outcome === 'absent') memory.idle = undefined;
      if (!(error instanceof NeverAskedError)) {
        memory.timedOutAt = problemKindOf(error) === 'timeout' ? startedAt : undefined;
      }
    }
    report(id, observation);
  }

  const ordered = inAskingOrder(ids, memories);
  await Promise.all(
    ordered.map((id) => infos.run(() => read(id), { group: memories.of(id).leader, member: id.stream })),
  );
}

/** A lost answer is asked for once more at once; a consumer that did not answer last time has had that chance. */
async function askPatiently(id: ConsumerId, isPatient: boolean, observer: Observer): Promise<AskedInfo> {
  try {
    return await observer.ask(id);
  } catch (error) {
    if (!isPatient || problemKindOf(error) !== 'timeout' || error instanceof NeverAskedError) throw error;
    return await observer.ask(id).catch((again: unknown) => {
      throw again instanceof NeverAskedError ? error : again;
    });
  }
}
