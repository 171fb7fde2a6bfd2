import type { ComponentHealth } from '../health/component-health.js';
import type { SnapshotState } from '../health/snapshot.js';
import type { Past, Span } from './past.js';

/** All that stands on the page. */
export interface PageContent {
  readonly title: string;
  readonly components: readonly PageComponent[];
  /** What strips and sparklines show; undefined as long as there is no history, or when none is kept. */
  readonly span: Span | undefined;
  /** How often the script asks for the page. */
  readonly refreshSeconds: number;
  /** This moment in seconds since the epoch, on the clock that the snapshots' times are from. */
  readonly wallNow: number;
}

export interface PageComponent {
  readonly id: string;
  readonly name: string;
  readonly health: ComponentHealth;
  readonly state: SnapshotState;
  /** Seconds since the epoch at which the figures were read; undefined before the first snapshot. */
  readonly readTime: number | undefined;
  /** Of the span of the page; undefined where that is. */
  readonly past: Past | undefined;
}
