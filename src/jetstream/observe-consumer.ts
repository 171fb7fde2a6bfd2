import type { Clock } from '../clock.js';
import type { ConsumerId, Observation } from '../health/consumer-reading.js';
import type { JetStreamApi } from './api.js';
import type { ConsumerInfo } from './consumer-info.js';
import { decodeConsumerInfo } from './consumer-info.js';
import type { ConsumerMemories } from './consumer-memory.js';
import type { GivenUpMessages } from './given-up-messages.js';
import type { LookUp } from './message-lookups.js';
import { readOldestAge } from './oldest-age.js';
import { hasWork, memoryAfter } from './oldest-unacked.js';
import { AbsentError, problemKindOf, ReadProblem } from './read-problem.js';
import { isSameReading } from './same-reading.js';

/** A consumer info with the moment its question was sent (monotonic ms). */
export interface AskedInfo {
  readonly info: ConsumerInfo;
  readonly askedAt: number;
}

export interface ObserverDeps {
  readonly api: JetStreamApi;
  readonly memories: ConsumerMemories;
  readonly givenUp: GivenUpMessages;
  readonly lookUp: LookUp;
  readonly clock: Clock;
  /** What is left for one request now, ms. @throws NeverAskedError when nothing is */
  readonly timeoutMs: () => number;
}

type ReadingObservation = Extract<Observation, { outcome: 'reading' }>;

/** How one round turns answers into observations. */
export interface Observer {
  /** @throws ReadProblem when it is not a valid answer about this consumer */
  decode(value: unknown, id: ConsumerId): ConsumerInfo;
  /** @throws ReadProblem, AbsentError */
  ask(id: ConsumerId): Promise<AskedInfo>;
  /** The observation of a consumer without work, which needs no second question; undefined for all others. */
  ofIdle(asked: AskedInfo): ReadingObservation | undefined;
  /** Adds what only a second question tells: the age of the oldest message. @throws ReadProblem, AbsentError */
  complete(asked: AskedInfo): Promise<Observation>;
}

export function createObserver({ api, memories, givenUp, lookUp, clock, timeoutMs }: ObserverDeps): Observer {
  function decode(value: unknown, id: ConsumerId): ConsumerInfo {
    const info = decodeConsumerInfo(value, clock.steadyWall());
    if (info?.id.stream !== id.stream || info.id.consumer !== id.consumer) throw new ReadProblem('malformed');
    const memory = memories.of(id);
    // A member that is starting answers with zeros and without the block that it had before.
    if (memory.wasClustered === true && !info.isClustered) throw new ReadProblem('malformed');
    memory.wasClustered = info.isClustered;
    memory.leader = info.reading.leader;
    givenUp.watch(info);
    return info;
  }

  async function ask(id: ConsumerId): Promise<AskedInfo> {
    const askedAt = clock.now();
    return { info: decode(await api.consumerInfo(id, timeoutMs()), id), askedAt };
  }

  function ofIdle({ info, askedAt }: AskedInfo): ReadingObservation | undefined {
    const memory = memories.of(info.id);
    if (hasWork(info)) {
      memory.idle = undefined;
      return undefined;
    }
    memory.oldest = memoryAfter(info, memory.oldest);
    if (memory.idle === undefined || !isSameReading(memory.idle, info.reading)) memory.idle = info.reading;
    return { outcome: 'reading', askedAt, reading: memory.idle };
  }

  async function observe({
    info,
    askedAt,
  }: AskedInfo): Promise<{ observation: Observation; moved: boolean }> {
    const memory = memories.of(info.id);
    const age = await readOldestAge(info, {
      memory,
      givenUp,
      lookUp,
      timeoutMs,
      wallMs: clock.steadyWall(),
    }).catch((error: unknown) => {
      // The counts are valid without it.
      if (problemKindOf(error) === 'permission') return undefined;
      throw error;
    });
    const reading = {
      ...info.reading,
      oldestUnackedSeconds: age?.seconds,
      gaveUpOldest: age?.gaveUp === true,
    };
    return { observation: { outcome: 'reading', askedAt, reading }, moved: age?.moved === true };
  }

  return {
    decode,
    ask,
    ofIdle,
    async complete(asked) {
      const idle = ofIdle(asked);
      if (idle !== undefined) return idle;
      const first = await observe(asked);
      return first.moved ? (await observe(await ask(asked.info.id))).observation : first.observation;
    },
  };
}

/** A failed read is an observation as well. @param askedAt monotonic ms */
export function failureOf(error: unknown, askedAt: number): Observation {
  return error instanceof AbsentError
    ? { outcome: 'absent', askedAt }
    : { outcome: 'inconclusive', askedAt, problem: problemKindOf(error) };
}
