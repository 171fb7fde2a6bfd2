import type { ConsumerId, ConsumerReading, Observation } from './consumer-reading.js';
import type { Limits } from './thresholds.js';

/** How one consumer of a component is judged. */
export interface ConsumerTerms {
  readonly id: ConsumerId;
  /** Identity of the consumer within its component, the same in every round. */
  readonly key: string;
  /**
   * Indices of the component's selections (entries of `consumers`) that this one satisfies. A selection that nobody
   * present satisfies counts as missing.
   */
  readonly selections: readonly number[];
  readonly expectPullers: 'always' | 'when_due';
  /** ms; undefined: what the consumer itself says (ack wait, backoff). */
  readonly workWindowMs: number | undefined;
  /** Dead, this one alone makes the component down. */
  readonly critical: boolean;
  /** The limits in force, given the consumer's metadata of this round. */
  readonly limitsFor: (metadata: ConsumerReading['metadata']) => Limits;
}

/** What one round says about one consumer of a component. */
export interface ObservedConsumer {
  readonly terms: ConsumerTerms;
  readonly observation: Observation;
}

/** What one round says about one component. */
export interface ComponentRound {
  /** Number of the component's selections, including those without any known consumer. */
  readonly selectionCount: number;
  readonly consumers: readonly ObservedConsumer[];
  /** Monotonic ms at which a round without any consumer to ask about was settled (all selections empty). */
  readonly startedAt: number;
}

/** Settings of the health model that are the same for all consumers of all components; times in ms. */
export interface EvaluationSettings {
  readonly everyMs: number;
  readonly staleAfterMs: number;
  readonly confirm: { readonly worse: number; readonly better: number };
}
