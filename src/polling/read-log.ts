import type { Observation, ProblemKind } from '../health/consumer-reading.js';
import type { WatchList } from './watch-list.js';
import { keyOf } from './watch-list.js';

/** When a consumer was read, for diagnosis. */
export interface ReadMoments {
  /** Monotonic ms of the question that was last answered with figures. */
  readonly readAt: number | undefined;
  /** Remembered across later successes. */
  readonly failure: FailedRead | undefined;
}

/** `at` in monotonic ms. */
export interface FailedRead {
  readonly problem: ProblemKind;
  readonly at: number;
}

/** Remembers of every watched consumer when it was read and when that failed. */
export interface ReadLog {
  /** @param observations as in `WatchList.consumers` */
  note(watched: WatchList, observations: readonly (Observation | undefined)[]): void;
  /** @param index into `WatchList.consumers` */
  of(watched: WatchList, index: number): ReadMoments;
}

export function createReadLog(): ReadLog {
  let consumers: WatchList['consumers'] = [];
  let readAt: (number | undefined)[] = [];
  let failures: (FailedRead | undefined)[] = [];

  const momentsOf = (index: number): ReadMoments => ({ readAt: readAt[index], failure: failures[index] });
  function follow({ consumers: next }: WatchList): void {
    if (next === consumers) return;
    const before = new Map(consumers.map((id, index) => [keyOf(id), momentsOf(index)] as const));
    consumers = next;
    readAt = next.map((id) => before.get(keyOf(id))?.readAt);
    failures = next.map((id) => before.get(keyOf(id))?.failure);
  }

  return {
    note(watched, observations) {
      follow(watched);
      observations.forEach((known, index) => {
        if (known?.outcome === 'reading') readAt[index] = known.askedAt;
        if (known?.outcome === 'inconclusive')
          failures[index] = { problem: known.problem, at: known.askedAt };
      });
    },
    of(watched, index) {
      follow(watched);
      return momentsOf(index);
    },
  };
}
