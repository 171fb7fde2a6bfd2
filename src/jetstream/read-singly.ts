import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import type { ConsumerMemories } from './consumer-memory.js';
import type { Limiter } from './limiter.js';
import type { AskedInfo, Observer } from './observe-consumer.js';
import { failureOf } from './observe-consumer.js';
import { ReadProblem } from './read-problem.js';

export interface ReadSinglyDeps {
  readonly observer: Observer;
  readonly memories: ConsumerMemories;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly report: (id: ConsumerId, observation: Observation) => void;
}

/**
 * Asks about consumers one by one. Those whose last question timed out wait behind all others, the longest waiting
 * first: however many of them there are, they hold up nobody else.
 */
export async function readSingly(
  ids: readonly ConsumerId[],
  { observer, memories, clock, limiter, report }: ReadSinglyDeps,
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
      const hasTimedOut = error instanceof ReadProblem && error.kind === 'timeout';
      memory.timedOutAt = hasTimedOut ? startedAt : undefined;
    }
    report(id, observation);
  }

  const inOrder = ids
    .map((id) => ({ id, timedOutAt: memories.of(id).timedOutAt ?? -Infinity }))
    .sort((a, b) => (a.timedOutAt === b.timedOutAt ? 0 : a.timedOutAt - b.timedOutAt));
  await Promise.all(inOrder.map(({ id }) => limiter.run(() => read(id))));
}

/** A lost answer is asked for once more at once; a consumer that did not answer last time has had that chance. */
async function askPatiently(id: ConsumerId, isPatient: boolean, observer: Observer): Promise<AskedInfo> {
  try {
    return await observer.ask(id);
  } catch (error) {
    if (isPatient && error instanceof ReadProblem && error.kind === 'timeout') return await observer.ask(id);
    throw error;
  }
}
