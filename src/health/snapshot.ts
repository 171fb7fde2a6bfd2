import type { ComponentHealth } from './component-health.js';
import { worse } from './component-health.js';
import { NO_FIGURES } from './figures.js';

/** The last known health of one component, with the moment it was read. */
export interface Snapshot {
  readonly health: ComponentHealth;
  /** Monotonic ms at which the oldest request behind it was sent. */
  readonly readAt: number;
  /** The same moment in ms since the epoch, for people. */
  readonly readTime: number;
}

/** Limits of age, all in ms. */
export interface AgeLimits {
  readonly staleAfterMs: number;
  readonly deadAfterMs: number;
  readonly startGraceMs: number;
}

export type SnapshotState = 'fresh' | 'stale' | 'none';

export interface AgedHealth {
  readonly health: ComponentHealth;
  readonly state: SnapshotState;
  /**
   * Monotonic ms from which on the question must be asked again, although nothing was read: the end of this step of
   * the age ladder. Infinity when time alone changes nothing any more.
   */
  readonly changesAt: number;
}

/** Ages are told in steps, so that bodies and ETags do not change with every second. */
const AGE_STEP_MS = 5000;

/**
 * What to say about a component now. Decided when it is asked and not when it is polled, so that a monitor that has
 * stopped polling cannot go on saying `up`.
 *
 * @param snapshot the last one, if there ever was one
 * @param now monotonic ms
 * @param limits the age ladder
 * @param since monotonic ms from which the start grace counts
 */
export function healthAt(
  snapshot: Snapshot | undefined,
  now: number,
  limits: AgeLimits,
  since: number,
): AgedHealth {
  if (snapshot === undefined) return withoutSnapshot(now, limits, since);
  const { health, readAt } = snapshot;
  const age = now - readAt;
  if (age <= limits.staleAfterMs) {
    return { health, state: 'fresh', changesAt: readAt + limits.staleAfterMs };
  }
  const steps = Math.floor(age / AGE_STEP_MS);
  const seconds = (steps * AGE_STEP_MS) / 1000;
  const nextStep = readAt + (steps + 1) * AGE_STEP_MS;
  if (age <= limits.deadAfterMs) {
    const old = `figures are ${String(seconds)} seconds old`;
    return {
      health: {
        status: worse(health.status, 'degraded'),
        figures: health.figures,
        detail: health.detail === '' ? old : `${old}; ${health.detail}`,
      },
      state: 'stale',
      changesAt: Math.min(nextStep, readAt + limits.deadAfterMs),
    };
  }
  return {
    health: {
      status: 'down',
      figures: health.figures,
      detail: `status unknown: no fresh figures for ${String(seconds)} seconds`,
    },
    state: 'stale',
    changesAt: nextStep,
  };
}

function withoutSnapshot(now: number, limits: AgeLimits, since: number): AgedHealth {
  const graceEnds = since + limits.startGraceMs;
  if (now <= graceEnds) {
    return {
      health: { status: 'degraded', figures: NO_FIGURES, detail: 'status not yet known' },
      state: 'none',
      changesAt: graceEnds,
    };
  }
  return {
    health: { status: 'down', figures: NO_FIGURES, detail: 'status unknown: no figures yet' },
    state: 'none',
    changesAt: Infinity,
  };
}
