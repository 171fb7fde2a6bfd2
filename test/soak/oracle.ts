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

/** One answer about a component. */
export interface Said {
  readonly isUp: boolean;
  /** Monotonic ms. */
  readonly askedAt: number;
  /** Of the figures, by the answer's own account; NaN when it says none. */
  readonly ageMs: number;
  /** The same in all answers of one round. */
  readonly snapshotTime: string | undefined;
}

/** Knows what was done to each component and when, and so when `up` can no longer be right; moments in monotonic ms. */
export interface Oracle {
  /** @param harm undefined: all is well again */
  note(component: string, harm: Harm | undefined, at: number): void;
  /** The server was started again and has been read since. */
  noteRestart(at: number): void;
  /** Takes every answer about a component. @returns why it is a false `up`; undefined when it may be true */
  judge(component: string, said: Said): string | undefined;
}

/** Of the machine, and of the caches that a client may have. */
const SLACK_MS = 1500;
/** One more than confirmation takes. */
const ROUNDS_TO_TELL = 3;
/** A server that was started has forgotten who pulled and when: so long nobody's silence proves anything. */
const RESTART_GRACE_MS = 60_000;

interface Case {
  readonly harm: Harm;
  readonly at: number;
  /** From here on every round shows it. */
  readonly showsFrom: number;
  /** The rounds that showed it, by the time of their snapshot. */
  readonly rounds: Set<string>;
}

/**
 * By section 7 of the promise: how long an `up` may outlive what it was true for. That is told in rounds, because one
 * may be lost, and whoever loses them all has nothing but old figures.
 */
export function createOracle({ everyMs, staleAfterMs, ackWaitMs }: SoakTimes): Oracle {
  const cases = new Map<string, Case>();
  let silenceProvesFrom = -Infinity;

  const whyFalse = ({ harm, at, showsFrom, rounds }: Case, said: Said): string | undefined => {
    // Asked for at this moment or later.
    if (said.snapshotTime !== undefined && said.askedAt - said.ageMs > showsFrom)
      rounds.add(said.snapshotTime);
    const forMs = said.askedAt - at;
    const isTold = harm === 'unreachable' ? forMs > staleAfterMs + SLACK_MS : rounds.size >= ROUNDS_TO_TELL;
    return isTold ? `although ${harm} for ${forMs.toFixed(0)} ms, ${String(rounds.size)} rounds` : undefined;
  };
  return {
    note(component, harm, at) {
      if (harm === undefined) {
        cases.delete(component);
        return;
      }
      // A last delivery is seen up to an interval later, and its window counts from then.
      const showsFrom = harm === 'abandoned' ? Math.max(at + ackWaitMs + 2 * everyMs, silenceProvesFrom) : at;
      cases.set(component, { harm, at, showsFrom, rounds: new Set() });
    },
    noteRestart(at) {
      silenceProvesFrom = at + RESTART_GRACE_MS;
    },
    judge(component, said) {
      const known = cases.get(component);
      const why = known === undefined ? undefined : whyFalse(known, said);
      if (!said.isUp) return undefined;
      if (why !== undefined) return `${component} up ${why}`;
      // No age at all is no better.
      return said.ageMs <= staleAfterMs + SLACK_MS
        ? undefined
        : `${component} up by figures of ${said.ageMs.toFixed(0)} ms ago`;
    },
  };
}
