/** What the soak did to the work itself; faults between the service and the server leave it as it is. */
export type Harm =
  /** Nothing that the service can be told by anybody. */
  | 'unreachable'
  /** Nobody works on it. */
  | 'abandoned'
  /** Its consumer does not exist. */
  | 'missing';

export interface SoakTimes {
  readonly everyMs: number;
  readonly staleAfterMs: number;
  readonly ackWaitMs: number;
}

/** What a component was said to be; moments in monotonic ms. */
export interface Said {
  readonly isUp: boolean;
  readonly askedAt: number;
  /** When the oldest figure behind it was asked for, by the answer's own account. */
  readonly readAt: number;
}

/** Knows what was done to each component and when, and so when `up` can no longer be right. */
export interface Oracle {
  /** @param at monotonic ms; undefined harm: all is well again */
  note(component: string, harm: Harm | undefined, at: number): void;
  /** Takes every answer about a component. @returns why it is a false `up`; undefined when it may be true */
  judge(component: string, said: Said): string | undefined;
}

/** Of the machine, and of the caches that a client may have. */
const SLACK_MS = 1500;
/** One more than confirmation takes. */
const ROUNDS_TO_TELL = 3;

interface Case {
  readonly harm: Harm;
  readonly at: number;
  /** From here on every round shows it. */
  readonly showsFrom: number;
  /** Rounds that showed it, and when the last of them asked. */
  rounds: number;
  lastReadAt: number;
}

/**
 * By section 7 of the promise: how long an `up` may outlive what it was true for. That is told in rounds, because one
 * may be lost, and whoever loses them all has nothing but old figures.
 */
export function createOracle({ everyMs, staleAfterMs, ackWaitMs }: SoakTimes): Oracle {
  const cases = new Map<string, Case>();
  return {
    note(component, harm, at) {
      if (harm === undefined) cases.delete(component);
      else {
        // A last delivery is seen up to an interval later, and its window counts from then.
        const showsFrom = harm === 'abandoned' ? at + ackWaitMs + 2 * everyMs : at;
        cases.set(component, { harm, at, showsFrom, rounds: 0, lastReadAt: -Infinity });
      }
    },
    judge(component, { isUp, askedAt, readAt }) {
      const ageMs = askedAt - readAt;
      if (isUp && ageMs > staleAfterMs + SLACK_MS)
        return `${component} up by figures of ${ageMs.toFixed(0)} ms ago`;
      const known = cases.get(component);
      if (known === undefined) return undefined;
      if (readAt > known.showsFrom && readAt - known.lastReadAt > everyMs / 2) {
        known.rounds += 1;
        known.lastReadAt = readAt;
      }
      const forMs = askedAt - known.at;
      const isTold =
        known.harm === 'unreachable' ? forMs > staleAfterMs + SLACK_MS : known.rounds >= ROUNDS_TO_TELL;
      return isUp && isTold
        ? `${component} up although ${known.harm} for ${forMs.toFixed(0)} ms, ${String(known.rounds)} rounds`
        : undefined;
    },
  };
}
