import type { Sample } from '../snapshots/sample-ring.js';
import type { HistoryBody } from './shapes.js';
import { figuresInOrder } from './status-json.js';

export interface HistoryEntry {
  readonly id: string;
  /** Poll interval, ms. */
  readonly everyMs: number;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

/** The recent samples of one component. The key is `state`, so that no keyword monitor finds an old `up` in it. */
export function renderHistory({ id, everyMs, samples }: HistoryEntry): string {
  const body: HistoryBody = {
    component: id,
    interval_seconds: everyMs / 1000,
    samples: samples.map(sampleOf),
  };
  return JSON.stringify(body);
}

function sampleOf({ time, status, figures }: Sample): HistoryBody['samples'][number] {
  return {
    at: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
    state: status,
    ...figuresInOrder(figures),
  };
}
