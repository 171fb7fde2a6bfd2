import type { EvaluationSettings } from '../health/component-round.js';
import type { Observation } from '../health/consumer-reading.js';

/** Keeps away from a server that says it is overloaded: twice as long each time, at most half of `stale_after`. */
export interface OverloadPause {
  isOver(now: number): boolean;
  note(observations: readonly (Observation | undefined)[], now: number): void;
}

export function createOverloadPause({
  everyMs,
  staleAfterMs,
}: Pick<EvaluationSettings, 'everyMs' | 'staleAfterMs'>): OverloadPause {
  let refusedRounds = 0;
  let until = -Infinity;
  return {
    isOver: (now) => now >= until,
    note(observations, now) {
      const refused = observations.some(
        (known) => known?.outcome === 'inconclusive' && known.problem === 'overloaded',
      );
      refusedRounds = refused ? refusedRounds + 1 : 0;
      until = refused ? now + Math.min(staleAfterMs / 2, everyMs * 2 ** (refusedRounds - 1)) : -Infinity;
    },
  };
}
