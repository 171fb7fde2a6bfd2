import { STATUSES } from '../health/component-health.js';
import type { Status } from '../health/component-health.js';
import type { Figures } from '../health/figures.js';
import { FIGURE_NAMES } from '../health/figures.js';

/** What one accepted round published about a component. */
export interface Sample {
  /** Whole seconds since the epoch at which the figures were read. */
  readonly time: number;
  /** The same moment in whole seconds on the monotonic clock. */
  readonly readAt: number;
  readonly status: Status;
  readonly figures: Figures;
}

/** The latest samples of one component, in memory of a fixed size. */
export interface SampleRing {
  /** Takes the place of the oldest one when the ring is full. */
  add(sample: Sample): void;
  /** Oldest first. */
  samples(): Sample[];
}

/** The two times, then the figures in their order. */
const COLUMNS = 2 + FIGURE_NAMES.length;
const UINT32_MAX = 0xffff_ffff;

/**
 * Numbers in typed arrays take a quarter of what as many objects do: 18 kB for 720 samples. Figures of four thousand
 * million and more are kept as that.
 *
 * @param capacity how many samples; with 0 none is ever kept
 */
export function createSampleRing(capacity: number): SampleRing {
  const numbers = new Uint32Array(capacity * COLUMNS);
  const statuses = new Uint8Array(capacity);
  let count = 0;
  let next = 0;

  const read = (slot: number): Sample => {
    const [time = 0, readAt = 0, ...values] = numbers.subarray(slot * COLUMNS, (slot + 1) * COLUMNS);
    const figures = Object.fromEntries(FIGURE_NAMES.map((name, i) => [name, values[i] ?? 0]));
    return { time, readAt, status: STATUSES[statuses[slot] ?? 0] ?? 'down', figures: figures as Figures };
  };
  return {
    add({ time, readAt, status, figures }) {
      if (capacity === 0) return;
      const values = FIGURE_NAMES.map((name) => Math.min(figures[name], UINT32_MAX));
      numbers.set([time, readAt, ...values], next * COLUMNS);
      statuses[next] = STATUSES.indexOf(status);
      next = (next + 1) % capacity;
      count = Math.min(count + 1, capacity);
    },
    samples: () => Array.from({ length: count }, (_, i) => read((next - count + i + capacity) % capacity)),
  };
}
