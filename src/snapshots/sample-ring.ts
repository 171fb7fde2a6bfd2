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

/** A sample with its figures as a list, in the order of FIGURE_NAMES. */
export interface PackedSample extends Omit<Sample, 'figures'> {
  readonly values: readonly number[];
}

/** The latest samples of one component, in memory of a fixed size. */
export interface SampleRing {
  /** Takes the place of the oldest one when the ring is full. */
  add(sample: Sample): void;
  /** Oldest first. */
  samples(): Sample[];
  /** Shows each of them, oldest first, in one object that is the same for all: for passes over thousands of them. */
  visit(look: (sample: PackedSample) => void): void;
  oldest(): Sample | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

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
    oldest: () => (count === 0 ? undefined : read((next - count + capacity) % capacity)),
    visit(look) {
      const values = FIGURE_NAMES.map(() => 0);
      const sample: Mutable<PackedSample> = { time: 0, readAt: 0, status: 'down', values };
      for (let i = count; i > 0; i--) {
        const slot = (next - i + capacity) % capacity;
        const start = slot * COLUMNS;
        sample.time = numbers[start] ?? 0;
        sample.readAt = numbers[start + 1] ?? 0;
        sample.status = STATUSES[statuses[slot] ?? 0] ?? 'down';
        for (let v = 0; v < values.length; v++) values[v] = numbers[start + 2 + v] ?? 0;
        look(sample);
      }
    },
    samples: () => Array.from({ length: count }, (_, i) => read((next - count + i + capacity) % capacity)),
  };
}
