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

/** Takes an index into `WatchList.consumers`. */
export type ReadsOf = (index: number) => ReadMoments;

/** Remembers of every watched consumer when it was read and when that failed. */
export interface ReadLog {
  /** @param observations as in `WatchList.consumers` */
  note(watched: WatchList, observations: readonly (Observation | undefined)[]): void;
  /**
   * What is remembered of the consumers of this list, which may be a newer one than that of the last round. To be asked
   * before the next round is noted.
   */
  of(watched: Pick<WatchList, 'consumers'>): ReadsOf;
}

const NEVER: ReadMoments = { readAt: undefined, failure: undefined };

export function createReadLog(): ReadLog {
  let consumers: WatchList['consumers'] = [];
  let readAt: (number | undefined)[] = [];
  let failures: (FailedRead | undefined)[] = [];

  const newest: ReadsOf = (index) => ({ readAt: readAt[index], failure: failures[index] });
  const of: ReadLog['of'] = ({ consumers: others }) => {
    if (others === consumers) return newest;
    const known = new Map(consumers.map((id, index) => [keyOf(id), newest(index)] as const));
    return (index) => {
      const id = others[index];
      return (id === undefined ? undefined : known.get(keyOf(id))) ?? NEVER;
    };
  };

  return {
    of,
    note(watched, observations) {
      if (watched.consumers !== consumers) {
        const before = of(watched);
        const moments = watched.consumers.map((_, index) => before(index));
        readAt = moments.map((known) => known.readAt);
        failures = moments.map(({ failure }) => failure);
        ({ consumers } = watched);
      }
      observations.forEach((known, index) => {
        if (known?.outcome === 'reading') readAt[index] = known.askedAt;
        if (known?.outcome === 'inconclusive')
          failures[index] = { problem: known.problem, at: known.askedAt };
      });
    },
  };
}
