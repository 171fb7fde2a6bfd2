import type { Status } from './component-health.js';
import { mildestOf, milder, worse, worstOf } from './component-health.js';
import type { RoundVerdict } from './verdict.js';

/** What is public, and the round whose words it uses. */
export interface Published {
  readonly status: Status;
  /** Undefined when no round had this status: it lies between what was and what is. */
  readonly wordsOf: RoundVerdict | undefined;
}

export interface DampingInput {
  /** Undefined before the first accepted round, and after an outage unless `down` was public. */
  readonly previous: Published | undefined;
  /** The accepted rounds before this one, since the start or the last outage, newest last. */
  readonly earlier: readonly RoundVerdict[];
  readonly newest: RoundVerdict;
  /** Rounds that must agree before the status gets worse or better. */
  readonly confirm: { readonly worse: number; readonly better: number };
  /** No consumer was alive in the previous accepted round, and one is now. */
  readonly lifeReturned: boolean;
}

/**
 * The public status after a round. It gets worse only as far as all of the last `confirm.worse` rounds agree, and
 * better only as far as all of the last `confirm.better` do.
 */
export function publish({ previous, earlier, newest, confirm, lifeReturned }: DampingInput): Published {
  if (previous === undefined) {
    return { status: firstStatus(newest.status, confirm.worse), wordsOf: newest };
  }
  const verdicts = [...earlier, newest];
  const damped = nextStatus(previous.status, verdicts, confirm);
  const status = lifeReturned && newest.status !== 'down' ? milder(damped, 'degraded') : damped;
  return { status, wordsOf: wordsFor(status, previous, verdicts) };
}

/** Good news is believed at once; bad news is shown mildly until it is confirmed. */
function firstStatus(verdict: Status, roundsToWorsen: number): Status {
  return roundsToWorsen === 1 ? verdict : milder(verdict, 'degraded');
}

/** Rounds that are missing for a confirmation agree with nothing. */
function nextStatus(
  previous: Status,
  verdicts: readonly RoundVerdict[],
  confirm: DampingInput['confirm'],
): Status {
  const statuses = verdicts.map(({ status }) => status);
  const floor = statuses.length < confirm.worse ? 'up' : mildestOf(statuses.slice(-confirm.worse));
  const ceiling = statuses.length < confirm.better ? 'down' : worstOf(statuses.slice(-confirm.better));
  return milder(worse(previous, floor), ceiling);
}

/** The words of the newest round with this status; what is public already keeps its words until there is one. */
function wordsFor(
  status: Status,
  previous: Published,
  verdicts: readonly RoundVerdict[],
): RoundVerdict | undefined {
  if (status === previous.status && verdicts.at(-1)?.status !== status) return previous.wordsOf;
  return verdicts.findLast((verdict) => verdict.status === status);
}
