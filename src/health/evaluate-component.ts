import type { ComponentHealth } from './component-health.js';
import type { ComponentRound, EvaluationSettings } from './component-round.js';
import type { Published } from './damping.js';
import { publish } from './damping.js';
import { figuresOf } from './figures.js';
import type { ConsumerLife } from './life.js';
import { lifeAcrossOutage, lifeAfter } from './life.js';
import type { Crossing } from './limit-crossings.js';
import { crossingsOf } from './limit-crossings.js';
import type { RoundFacts } from './rules.js';
import { isAlive } from './rules.js';
import type { RoundVerdict } from './verdict.js';
import { verdictOfRound } from './verdict.js';

/** Everything that one component's past rounds leave behind. */
export interface ComponentState {
  /** By `ConsumerTerms.key`; consumers that are gone from the component, or publicly missing, are gone from here. */
  readonly lives: ReadonlyMap<string, ConsumerLife>;
  /** Accepted rounds since the start or the last outage, as many as confirmation looks back, newest last. */
  readonly verdicts: readonly RoundVerdict[];
  readonly published: Published | undefined;
  /** The crossings that the public answer shows and that have not cleared since. */
  readonly shownCrossings: ReadonlySet<Crossing>;
  /** In the last accepted round some consumer was alive. */
  readonly anyAlive: boolean;
  /** Monotonic ms of the last accepted round. */
  readonly acceptedAt: number | undefined;
}

export interface Evaluation {
  readonly state: ComponentState;
  /** The public health after this round; undefined when the round was not accepted: what was public stays. */
  readonly health: ComponentHealth | undefined;
  /** Monotonic ms at which the oldest request of the round was sent. */
  readonly readAt: number;
}

const NO_STATE: ComponentState = {
  lives: new Map(),
  verdicts: [],
  published: undefined,
  shownCrossings: new Set(),
  anyAlive: false,
  acceptedAt: undefined,
};

/**
 * One round of one component: readings, the previous state and times in, state and public health out. Pure.
 *
 * A round is accepted when every consumer gave a reading or is definitely absent. One that is not accepted still
 * adds its readings to the consumers' lives, and nothing else.
 */
export function evaluateComponent(
  previous: ComponentState | undefined,
  round: ComponentRound,
  settings: EvaluationSettings,
): Evaluation {
  const readAt = round.consumers.reduce(
    (oldest, { observation }) => Math.min(oldest, observation.askedAt),
    Infinity,
  );
  const accepted = round.consumers.every(({ observation }) => observation.outcome !== 'inconclusive');
  const moment = readAt === Infinity ? round.startedAt : readAt;
  const before = previous ?? NO_STATE;
  if (!accepted)
    return {
      state: { ...before, lives: livesAfter(before, round, settings) },
      health: undefined,
      readAt: moment,
    };

  const base = isAfterOutage(before, moment, settings) ? stateAcrossOutage(before) : before;
  const lives = livesAfter(base, round, settings);
  const facts = factsOf(round, lives, base.shownCrossings);
  const verdict = verdictOfRound(facts);
  const anyAlive = facts.present.some(isAlive);
  const published = publish({
    previous: base.published,
    earlier: base.verdicts,
    newest: verdict,
    confirm: settings.confirm,
    lifeReturned: anyAlive && before.acceptedAt !== undefined && !before.anyAlive,
  });
  return {
    state: {
      lives: published.wordsOf?.tellsMissing === true ? livesOfPresent(round, lives) : lives,
      verdicts: [...base.verdicts, verdict].slice(-Math.max(settings.confirm.worse, settings.confirm.better)),
      published,
      shownCrossings: stillShown(published, facts.crossings),
      anyAlive,
      acceptedAt: moment,
    },
    health: {
      status: published.status,
      figures: figuresOf(facts.present.map(({ reading }) => reading)),
      detail: published.wordsOf?.detail ?? '',
    },
    readAt: moment,
  };
}

function isAfterOutage(
  { acceptedAt }: ComponentState,
  moment: number,
  { staleAfterMs }: EvaluationSettings,
): boolean {
  return acceptedAt !== undefined && moment - acceptedAt > staleAfterMs;
}

/** Nothing bridges an outage but a public `down`, which stays until better is confirmed. */
function stateAcrossOutage(state: ComponentState): ComponentState {
  const staysDown = state.published?.status === 'down';
  return {
    ...state,
    lives: new Map([...state.lives].map(([key, life]) => [key, lifeAcrossOutage(life)])),
    verdicts: [],
    published: staysDown ? state.published : undefined,
    shownCrossings: staysDown ? state.shownCrossings : new Set(),
  };
}

/** The lives of the round's consumers; the very same map when none of them has changed. */
function livesAfter(
  { lives }: ComponentState,
  { consumers }: ComponentRound,
  { everyMs }: EvaluationSettings,
): ReadonlyMap<string, ConsumerLife> {
  const next = consumers.map(({ terms, observation }) => {
    const life = lives.get(terms.key);
    return observation.outcome === 'reading'
      ? lifeAfter(life, observation.reading, observation.askedAt, { terms, everyMs })
      : life;
  });
  const known = next.filter((life) => life !== undefined).length;
  if (known === lives.size && consumers.every(({ terms }, index) => next[index] === lives.get(terms.key))) {
    return lives;
  }
  const after = new Map<string, ConsumerLife>();
  consumers.forEach(({ terms }, index) => {
    const life = next[index];
    if (life !== undefined) after.set(terms.key, life);
  });
  return after;
}

function livesOfPresent(
  { consumers }: ComponentRound,
  lives: ReadonlyMap<string, ConsumerLife>,
): Map<string, ConsumerLife> {
  const present = new Map(lives);
  for (const { terms, observation } of consumers) {
    if (observation.outcome === 'absent') present.delete(terms.key);
  }
  return present;
}

function factsOf(
  { consumers, selectionCount }: ComponentRound,
  lives: ReadonlyMap<string, ConsumerLife>,
  shown: ReadonlySet<Crossing>,
): RoundFacts {
  const present: ConsumerLife[] = [];
  const critical: ConsumerLife[] = [];
  const crossings: Crossing[] = [];
  const isSatisfied = new Uint8Array(selectionCount);
  for (const { terms, observation } of consumers) {
    const life = lives.get(terms.key);
    if (observation.outcome !== 'reading' || life === undefined) continue;
    present.push(life);
    if (terms.critical) critical.push(life);
    for (const selection of terms.selections) isSatisfied[selection] = 1;
    const { reading } = observation;
    crossings.push(...crossingsOf(terms.key, reading, { limits: terms.limitsFor(reading.metadata), shown }));
  }
  const missing = isSatisfied.filter((satisfied) => satisfied === 0).length;
  return { present, critical, missing, total: present.length + missing, crossings };
}

/** What the public answer shows now; a crossing that has cleared must be crossed anew to be shown again. */
function stillShown({ wordsOf }: Published, crossings: readonly Crossing[]): ReadonlySet<Crossing> {
  const holding = new Set(crossings);
  return new Set(wordsOf?.shownCrossings.filter((crossing) => holding.has(crossing)));
}
