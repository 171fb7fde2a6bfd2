import type { Status } from '../health/component-health.js';
import { worse } from '../health/component-health.js';
import type { FigureName } from '../health/figures.js';
import { FIGURE_NAMES } from '../health/figures.js';
import type { PackedSample } from '../snapshots/sample-ring.js';

/** The part of the past that a picture shows; seconds on the monotonic clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a picture shows of the past of one component. */
export interface Past {
  /** As many as PARTS, equally long, oldest first; undefined where no figures were fresh. */
  readonly parts: readonly (Part | undefined)[];
  /** Undefined when the span holds no round. */
  readonly shares: Shares | undefined;
  /** The newest rounds in a row with one status. */
  readonly run: Run | undefined;
}

export interface Part {
  /** The worst there was. */
  readonly status: Status;
  /** In the order of FIGURE_NAMES, of each the value to worry about most. */
  readonly values: readonly number[];
}

/**
 * Parts of the time since the first round in the span, from 0 to 1; `nothing` is the time in which no figures were
 * fresh: it must not pass for up.
 */
export type Shares = Readonly<Record<Status | 'nothing', number>>;

export interface Run {
  readonly status: Status;
  /** Seconds since the epoch of the first of the rounds. */
  readonly since: number;
  /** False: there is no round before it, and the status may be older. */
  readonly isKnown: boolean;
}

export interface PastOptions {
  readonly span: Span;
  /** For how long figures pass for fresh. */
  readonly staleAfterSeconds: number;
  /** Which of several values of a figure stands for all of them. */
  readonly telling: (name: FigureName) => 'highest' | 'lowest';
}

export const PARTS = 80;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Spans that are shown before the whole kept time has passed. */
const SPANS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY];

/**
 * The span to show: all of the kept history, and not much more, so that a service that has just started does not
 * show an empty hour.
 *
 * @param oldest readAt of the oldest round there is
 * @param keepSeconds what the history keeps
 */
export function spanOf(oldest: number, now: number, keepSeconds: number): Span {
  const length = SPANS.find((span) => span >= now - oldest) ?? keepSeconds;
  return { from: now - Math.min(length, keepSeconds), to: now };
}

/**
 * Sums up thousands of rounds in one pass and without an object for each, because it is done while somebody waits.
 * A round is what is known until the next one, and no longer than its figures pass for fresh. Rounds in a row that
 * say the same count as one long one.
 *
 * @param visit shows each round, oldest first; all of them may be one object
 */
export function pastOf(visit: (look: (round: PackedSample) => void) => void, options: PastOptions): Past {
  const { span, staleAfterSeconds } = options;
  const isHighest = FIGURE_NAMES.map((name) => options.telling(name) === 'highest');
  const parts: (MutablePart | undefined)[] = new Array<undefined>(PARTS).fill(undefined);
  const width = (span.to - span.from) / PARTS;
  const seconds = { up: 0, degraded: 0, down: 0 };
  const held: MutablePart = { status: 'up', values: FIGURE_NAMES.map(() => 0) };
  /** When the first and the last of the rounds in a row were read. */
  let heldFrom = -Infinity;
  let heldUntil = -Infinity;
  let began = Infinity;
  let run: Run | undefined;

  const close = (next: number): void => {
    const to = Math.min(next, heldUntil + staleAfterSeconds);
    if (to < span.from || heldFrom > span.to) return;
    const from = Math.max(heldFrom, span.from);
    began = Math.min(began, from);
    seconds[held.status] += Math.max(0, to - from);
    const first = Math.min(PARTS - 1, Math.floor((from - span.from) / width));
    // What ends where a part begins does not reach into it; what has no length still counts once.
    const last = Math.min(PARTS - 1, Math.max(first, Math.ceil((to - span.from) / width) - 1));
    for (let index = first; index <= last; index++) {
      const part = parts[index];
      if (part === undefined) parts[index] = { status: held.status, values: [...held.values] };
      else merge(part, held, isHighest);
    }
  };

  visit((round) => {
    const isBridged = round.readAt - heldUntil <= staleAfterSeconds;
    if (!isBridged || round.status !== held.status || !areEqual(round.values, held.values)) {
      close(round.readAt);
      if (run?.status !== round.status) {
        run = { status: round.status, since: round.time, isKnown: run !== undefined };
      }
      heldFrom = round.readAt;
      held.status = round.status;
      for (let i = 0; i < held.values.length; i++) held.values[i] = round.values[i] ?? 0;
    }
    heldUntil = round.readAt;
  });
  close(span.to);
  return { parts, shares: sharesOf(seconds, span.to - began, held.status), run };
}

interface MutablePart {
  status: Status;
  readonly values: number[];
}

function merge(part: MutablePart, { status, values }: MutablePart, isHighest: readonly boolean[]): void {
  if (status !== part.status) part.status = worse(part.status, status);
  for (let i = 0; i < values.length; i++) {
    const [known = 0, value = 0] = [part.values[i], values[i]];
    if (isHighest[i] === true ? value > known : value < known) part.values[i] = value;
  }
}

function areEqual(some: readonly number[], others: readonly number[]): boolean {
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

/** @param total seconds since the first round in the span; -Infinity when there is none */
function sharesOf(seconds: Record<Status, number>, total: number, newest: Status): Shares | undefined {
  if (total === -Infinity) return undefined;
  // A round that has come this moment is all there is.
  if (total <= 0) return { up: 0, degraded: 0, down: 0, nothing: 0, [newest]: 1 };
  const { up, degraded, down } = seconds;
  const nothing = Math.max(0, total - up - degraded - down);
  return { up: up / total, degraded: degraded / total, down: down / total, nothing: nothing / total };
}
