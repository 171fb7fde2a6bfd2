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
  readonly timeoutMs: number;
  readonly staleAfterMs: number;
  readonly ackWaitMs: number;
}

/** Knows what was done to each component and when, and so when `up` can no longer be right. */
export interface Oracle {
  /** @param at monotonic ms; undefined harm: all is well again */
  note(component: string, harm: Harm | undefined, at: number): void;
  /** Why an `up` that was answered to a question of this moment is false; undefined when it may be true. */
  falseUp(component: string, askedAt: number): string | undefined;
}

/** Of the machine, and of the caches that a client may have. */
const SLACK_MS = 1500;

/** By section 7 of the promise: how long an `up` may outlive what it was true for. */
export function createOracle({ everyMs, timeoutMs, staleAfterMs, ackWaitMs }: SoakTimes): Oracle {
  const harms = new Map<string, { readonly harm: Harm; readonly at: number }>();
  const confirmed = 3 * everyMs + timeoutMs + SLACK_MS;
  const longest: Record<Harm, number> = {
    unreachable: staleAfterMs + SLACK_MS,
    // A last delivery is seen up to an interval later, and its window counts from then.
    abandoned: ackWaitMs + 2 * everyMs + confirmed,
    missing: confirmed,
  };
  return {
    note(component, harm, at) {
      if (harm === undefined) harms.delete(component);
      else harms.set(component, { harm, at });
    },
    falseUp(component, askedAt) {
      const known = harms.get(component);
      if (known === undefined) return undefined;
      const forMs = askedAt - known.at;
      return forMs > longest[known.harm]
        ? `${component} up although ${known.harm} for ${forMs.toFixed(0)} ms`
        : undefined;
    },
  };
}
