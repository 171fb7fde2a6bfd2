import type { Status } from './component-health.js';
import type { Crossing } from './limit-crossings.js';
import { crossingSentences } from './limit-crossings.js';
import type { ConsumerLife } from './life.js';

/** What the rules look at: one accepted round of one component. */
export interface RoundFacts {
  /** Of the consumers that gave a reading. */
  readonly present: readonly ConsumerLife[];
  /** Those of them that are `critical`. */
  readonly critical: readonly ConsumerLife[];
  /** Selections that no present consumer satisfies. */
  readonly missing: number;
  /** All consumers of the component: those present and one for each missing selection. */
  readonly total: number;
  readonly crossings: readonly Crossing[];
}

interface Rule {
  readonly status: Exclude<Status, 'up'>;
  /** The sentences of the rule; none when it does not hold. */
  readonly finds: (facts: RoundFacts) => readonly string[];
}

/**
 * Why a component is not up, worst first. The worst status of which a rule holds wins, and the sentences of all its
 * rules are told in this order. A row is all that another reason needs.
 */
export const RULES = [
  {
    status: 'down',
    finds: (facts) => sentence(facts.missing > 0, ofAll(facts, facts.missing, 'missing')),
  },
  {
    status: 'down',
    finds: (facts) => sentence(everyConsumerIsDead(facts), 'no live pullers'),
  },
  {
    status: 'down',
    finds: (facts) =>
      sentence(!everyConsumerIsDead(facts) && facts.critical.some(isDead), withoutLivePullers(facts)),
  },
  {
    status: 'down',
    finds: ({ present }) =>
      sentence(
        present.some(({ isStuck }) => isStuck),
        'work is pending but none is being delivered',
      ),
  },
  {
    status: 'down',
    finds: ({ crossings }) => crossingSentences('critical', crossings),
  },
  {
    status: 'degraded',
    finds: (facts) => {
      const alive = facts.present.filter(isAlive).length;
      return sentence(
        alive < facts.present.length,
        alive === 0 ? 'no live pullers seen yet' : withoutLivePullers(facts),
      );
    },
  },
  {
    status: 'degraded',
    finds: ({ present }) =>
      sentence(
        present.some(({ reading }) => reading.replicasShort),
        'replication below quorum',
      ),
  },
  {
    status: 'degraded',
    finds: (facts) => {
      const paused = facts.present.filter(({ reading }) => reading.paused).length;
      return sentence(paused > 0, ofAll(facts, paused, 'paused'));
    },
  },
  {
    status: 'degraded',
    finds: ({ crossings }) => crossingSentences('warn', crossings),
  },
] as const satisfies readonly Rule[];

export function isAlive(life: ConsumerLife): boolean {
  return life.standing === 'alive';
}

function isDead(life: ConsumerLife): boolean {
  return life.standing === 'dead';
}

function everyConsumerIsDead({ present }: RoundFacts): boolean {
  return present.length > 0 && present.every(isDead);
}

function withoutLivePullers({ present, total }: RoundFacts): string {
  const lifeless = present.filter((life) => !isAlive(life)).length;
  return `${String(lifeless)} of ${String(total)} consumers without live pullers`;
}

/** A component of one consumer needs no counting. */
function ofAll({ total }: RoundFacts, count: number, what: string): string {
  return total === 1 ? `consumer ${what}` : `${String(count)} of ${String(total)} consumers ${what}`;
}

function sentence(holds: boolean, text: string): readonly string[] {
  return holds ? [text] : [];
}
