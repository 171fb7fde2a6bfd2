import { PACE } from '../../scripts/pace.mjs';

/** Poll intervals that a configuration may have, s. */
const INTERVALS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];

/** A time that is made for an ordinary machine, as it must be here, in whatever unit. */
export function paced(time: number): number {
  return time * PACE;
}

/** The same for a poll interval, ms. */
export function pacedInterval(ms: number): number {
  return 1000 * (INTERVALS.find((seconds) => seconds * 1000 >= paced(ms)) ?? 60);
}
