import type { Figures } from './figures.js';

/** Mildest first. */
export const STATUSES = ['up', 'degraded', 'down'] as const;

export type Status = (typeof STATUSES)[number];

/** The public answer about one component; `health-model` words, contract keys. */
export interface ComponentHealth {
  readonly status: Status;
  readonly figures: Figures;
  /** Why, in fixed sentences; empty when there is nothing to say. Holds no name of any kind. */
  readonly detail: string;
}

const SEVERITY: Readonly<Record<Status, number>> = { up: 0, degraded: 1, down: 2 };

export function worse(a: Status, b: Status): Status {
  return SEVERITY[a] >= SEVERITY[b] ? a : b;
}

export function milder(a: Status, b: Status): Status {
  return SEVERITY[a] <= SEVERITY[b] ? a : b;
}

/** The worst of the statuses; `up` for none. */
export function worstOf(statuses: Iterable<Status>): Status {
  let worst: Status = 'up';
  for (const status of statuses) worst = worse(worst, status);
  return worst;
}

/** The mildest of the statuses; `down` for none. */
export function mildestOf(statuses: Iterable<Status>): Status {
  let mildest: Status = 'down';
  for (const status of statuses) mildest = milder(mildest, status);
  return mildest;
}
