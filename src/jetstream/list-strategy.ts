import type { Clock } from '../clock.js';

/** Decides stream by stream whether many consumers are asked about one by one or by the list. */
export interface ListStrategy {
  /** @param watched number of the stream's consumers that are asked about */
  isListCheaper(stream: string, watched: number): boolean;
  noteTotal(stream: string, total: number): void;
  /** The list of this stream was refused or was no list. */
  noteFailure(stream: string): void;
  /** A list was not answered: members of the cluster that are silent make every list wait longer than a round has. */
  noteSilence(): void;
}

/** Below it the cost is negligible either way, and single questions are the more robust ones in a cluster. */
const FEWEST_TO_LIST = 64;
/** A list names all consumers of the stream: one in twelve costs as much as asking singly, measured. */
const LISTED_PER_WATCHED = 8;
const AVOID_AFTER_FAILURE_MS = 60_000;

export function createListStrategy(clock: Clock): ListStrategy {
  const totals = new Map<string, number>();
  const avoidUntil = new Map<string, number>();
  let avoidAllUntil = -Infinity;
  return {
    isListCheaper(stream, watched) {
      if (watched < FEWEST_TO_LIST) return false;
      if (clock.now() < Math.max(avoidAllUntil, avoidUntil.get(stream) ?? -Infinity)) return false;
      return watched * LISTED_PER_WATCHED >= (totals.get(stream) ?? 0);
    },
    noteTotal(stream, total) {
      totals.set(stream, total);
    },
    noteFailure(stream) {
      avoidUntil.set(stream, clock.now() + AVOID_AFTER_FAILURE_MS);
    },
    noteSilence() {
      avoidAllUntil = clock.now() + AVOID_AFTER_FAILURE_MS;
    },
  };
}
