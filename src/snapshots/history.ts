import type { Snapshot } from '../health/snapshot.js';
import type { PackedSample, Sample, SampleRing } from './sample-ring.js';
import { createSampleRing } from './sample-ring.js';

/** What accepted rounds published in the recent past, for each component. */
export interface History {
  add(componentId: string, snapshot: Snapshot): void;
  /** Oldest first; empty for a component without any. */
  samples(componentId: string): readonly Sample[];
  /** Shows each of them, and older ones that are still there, as `SampleRing.visit` does. */
  visit(componentId: string, look: (sample: PackedSample) => void): void;
  oldest(componentId: string): Sample | undefined;
}

export interface HistoryOptions {
  readonly componentIds: readonly string[];
  /** How far back from the newest sample, ms. */
  readonly keepMs: number;
  /** Poll interval, ms: there is at most about one sample per interval. */
  readonly everyMs: number;
  /** What a history under another configuration still knew. */
  readonly earlier?: (componentId: string) => readonly Sample[];
}

/** A day of rounds every 5 s. Beyond that the answer would grow to megabytes. */
const MAX_SAMPLES = 17_280;

/**
 * Counts back from the newest sample and not from now: what was known before an outage stays to be seen during it.
 */
export function createHistory({ componentIds, keepMs, everyMs, earlier }: HistoryOptions): History {
  const capacity = Math.min(Math.ceil(keepMs / everyMs), MAX_SAMPLES);
  const rings = new Map<string, SampleRing>();
  for (const id of componentIds) {
    const ring = createSampleRing(capacity);
    for (const sample of earlier?.(id) ?? []) ring.add(sample);
    rings.set(id, ring);
  }
  return {
    add(componentId, { health, readAt, readTime }) {
      rings.get(componentId)?.add({
        time: Math.floor(readTime / 1000),
        readAt: Math.floor(readAt / 1000),
        status: health.status,
        figures: health.figures,
      });
    },
    visit(componentId, look) {
      rings.get(componentId)?.visit(look);
    },
    oldest: (componentId) => rings.get(componentId)?.oldest(),
    samples(componentId) {
      const samples = rings.get(componentId)?.samples() ?? [];
      const since = (samples.at(-1)?.readAt ?? 0) - keepMs / 1000;
      return samples.filter(({ readAt }) => readAt >= since);
    },
  };
}
