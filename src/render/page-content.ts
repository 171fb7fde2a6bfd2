import type { ComponentHealth } from '../health/component-health.js';
import type { SnapshotState } from '../health/snapshot.js';
import type { Sample } from '../snapshots/sample-ring.js';
import type { Span } from './timeline.js';

/** All that stands on the page. */
export interface PageContent {
  readonly title: string;
  readonly components: readonly PageComponent[];
  /** What strips and sparklines show; undefined as long as there is no history, or when none is kept. */
  readonly span: Span | undefined;
  /** For how long figures pass for fresh. */
  readonly staleAfterSeconds: number;
  /** How often the script asks for the page. */
  readonly refreshSeconds: number;
  /** Seconds on the monotonic clock. */
  readonly now: number;
  /** The same moment in seconds since the epoch, on the clock that the snapshots' times are from. */
  readonly wallNow: number;
}

export interface PageComponent {
  readonly id: string;
  readonly name: string;
  readonly health: ComponentHealth;
  readonly state: SnapshotState;
  /** Seconds since the epoch at which the figures were read; undefined before the first snapshot. */
  readonly readTime: number | undefined;
  /** The kept history, oldest first. */
  readonly rounds: readonly Sample[];
}
