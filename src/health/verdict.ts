import type { Status } from './component-health.js';
import { worstOf } from './component-health.js';
import { isOfLevel } from './limit-crossings.js';
import type { Crossing } from './limit-crossings.js';
import type { RoundFacts } from './rules.js';
import { RULES } from './rules.js';
import { FIGURES } from './figures.js';

/** What one accepted round says by itself, before confirmation. */
export interface RoundVerdict {
  readonly status: Status;
  readonly detail: string;
  /** The limit crossings that the detail tells of. */
  readonly shownCrossings: readonly Crossing[];
  /** The detail tells that a selection is missing. */
  readonly tellsMissing: boolean;
}

/** Judges one round: the worst status of which a rule holds, with the sentences of all its rules, then the notes. */
export function verdictOfRound(facts: RoundFacts): RoundVerdict {
  const findings = RULES.map(({ status, finds }) => ({ status, sentences: finds(facts) }));
  const status = worstOf(
    findings.filter(({ sentences }) => sentences.length > 0).map((finding) => finding.status),
  );
  const reasons =
    status === 'up'
      ? upReasons(facts)
      : findings.filter((finding) => finding.status === status).flatMap(({ sentences }) => sentences);
  return {
    status,
    detail: [...reasons, ...notes(facts)].join('; '),
    shownCrossings: shownCrossings(status, facts),
    tellsMissing: facts.missing > 0,
  };
}

function upReasons({ present }: RoundFacts): string[] {
  const nobodyPulls = present.every(({ reading }) => FIGURES.live_pullers.of(reading) === 0);
  return nobodyPulls && present.some(({ sign }) => sign === 'working') ? ['all pullers busy'] : [];
}

/** Said beside the reasons; they change no status. */
function notes({ present }: RoundFacts): string[] {
  const told: string[] = [];
  if (present.some(({ reading }) => reading.oldestUnackedSeconds === undefined)) {
    told.push('oldest unacked age unknown');
  }
  if (present.some(({ reading }) => reading.gaveUpOldest)) {
    told.push('oldest message was given up after its last delivery');
  }
  return told;
}

function shownCrossings(status: Status, { crossings }: RoundFacts): Crossing[] {
  if (status === 'up') return [];
  const level = status === 'down' ? 'critical' : 'warn';
  return crossings.filter((crossing) => isOfLevel(level, crossing));
}
