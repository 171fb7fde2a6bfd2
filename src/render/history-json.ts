import { FIGURE_NAMES } from '../health/figures.js';
import type { Sample } from '../snapshots/sample-ring.js';

export interface HistoryEntry {
  readonly id: string;
  /** Poll interval, ms. */
  readonly everyMs: number;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

/** The recent samples of one component. The key is `state`, so that no keyword monitor finds an old `up` in it. */
export function renderHistory({ id, everyMs, samples }: HistoryEntry): string {
  return JSON.stringify({ component: id, interval_seconds: everyMs / 1000, samples: samples.map(sampleOf) });
}

function sampleOf({ time, status, figures }: Sample): object {
  return {
    at: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
    state: status,
    ...Object.fromEntries(FIGURE_NAMES.map((name) => [name, figures[name]])),
  };
}
