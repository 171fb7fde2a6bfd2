import type { ConsumerTerms, EvaluationSettings } from '../../src/health/component-round.js';
import type { ConsumerReading, Observation } from '../../src/health/consumer-reading.js';
import type { ComponentState } from '../../src/health/evaluate-component.js';
import { evaluateComponent } from '../../src/health/evaluate-component.js';
import type { Limits } from '../../src/health/thresholds.js';
import { inconclusive, observed } from '../support/a-reading.js';

/** What one consumer does in a round: a reading, gone, or no answer. */
export type Seen = ConsumerReading | 'absent' | 'lost';

export interface HistoryTerms {
  readonly critical?: boolean;
  readonly expectPullers?: ConsumerTerms['expectPullers'];
  readonly workWindowMs?: number;
  readonly limits?: Limits;
}

/** Between rounds, ms. */
export const EVERY = 5000;
export const STALE = 15_000;

export interface PlayOptions {
  /** Terms of each consumer, in order; one without any by default. */
  readonly consumers?: readonly HistoryTerms[];
  /** Selections without any known consumer. */
  readonly unmatched?: number;
  readonly confirm?: EvaluationSettings['confirm'];
}

/** One round: what each consumer does, and how long after the round before it is. */
export interface Round {
  readonly seen: readonly Seen[];
  readonly afterMs?: number;
}

/** What each round left behind: `verdict / public: detail`; a round that was not accepted is `-`. */
export function play(rounds: readonly Round[], options: PlayOptions = {}): string[] {
  const { consumers = [{}], unmatched = 0, confirm = { worse: 2, better: 2 } } = options;
  let state: ComponentState | undefined;
  let now = 1_000_000;
  return rounds.map(({ seen, afterMs = EVERY }) => {
    now += afterMs;
    const { state: next, health } = evaluateComponent(
      state,
      {
        selectionCount: consumers.length + unmatched,
        startedAt: now,
        consumers: consumers.map((terms, index) => ({
          terms: termsOf(terms, index),
          observation: observationOf(seen[index] ?? 'lost', now),
        })),
      },
      { everyMs: EVERY, staleAfterMs: STALE, confirm },
    );
    state = next;
    if (health === undefined) return '-';
    const verdict = next.verdicts.at(-1)?.status ?? '';
    return `${verdict} / ${health.status}${health.detail === '' ? '' : `: ${health.detail}`}`;
  });
}

function termsOf(terms: HistoryTerms, index: number): ConsumerTerms {
  return {
    id: { stream: 'S', consumer: `c${String(index)}` },
    key: `S c${String(index)}`,
    selections: [index],
    expectPullers: terms.expectPullers ?? 'always',
    workWindowMs: terms.workWindowMs,
    critical: terms.critical ?? false,
    limitsFor: () => terms.limits ?? {},
  };
}

function observationOf(seen: Seen, askedAt: number): Observation {
  if (seen === 'absent') return { outcome: 'absent', askedAt };
  return seen === 'lost' ? inconclusive(askedAt) : observed(seen, askedAt);
}
