import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import { createAskingOrder } from './asking-order.js';
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

/** An answer takes milliseconds; a leader that has not given one for so long may be gone. */
const SILENT_AFTER_MS = 250;

/**
 * Asks about consumers one by one. Those who do not answer hold up nobody else, however many of them there are: their
 * questions go on, but as soon as they are silent somebody else is asked as well, and others of the same leader last.
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
      if (observation.outcome === 'absent') memory.idle = undefined;
      const hasTimedOut = error instanceof ReadProblem && error.kind === 'timeout';
      memory.timedOutAt = hasTimedOut ? startedAt : undefined;
    }
    report(id, observation);
  }

  const order = createAskingOrder(ids, memories);
  const answers: Promise<void>[] = [];
  async function askNext(): Promise<void> {
    const id = order.next();
    if (id === undefined) return;
    const answer = read(id);
    answers.push(answer);
    const isSilent = await isLateAfter(SILENT_AFTER_MS, answer);
    if (isSilent && memories.of(id).leader !== undefined) order.noteSilence(id);
    // Without a leader it is the one server that is slow, and shall not be asked more at once.
    if (!isSilent || memories.of(id).leader === undefined || !order.hasExpected()) await answer;
  }
  await Promise.all(ids.map(() => limiter.run(askNext)));
  await Promise.all(answers);
}

/** Whether it takes longer; true after that time, false as soon as it is settled. @param settled never rejects */
async function isLateAfter(ms: number, settled: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(resolve, ms, true);
  });
  const isLate = await Promise.race([late, settled.then(() => false)]);
  clearTimeout(timer);
  return isLate;
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
