import type { Status } from '../health/component-health.js';
import { worse } from '../health/component-health.js';
import type { Sample } from '../snapshots/sample-ring.js';

/** A time in which one round was the last thing known; seconds on the monotonic clock. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly round: Sample;
}

/** The part of the past that a picture shows; seconds on the monotonic clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

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
 * For how long each round was what is known: until the next one, and no longer than its figures pass for fresh.
 *
 * @param rounds oldest first
 */
export function segmentsOf(rounds: readonly Sample[], now: number, staleAfterSeconds: number): Segment[] {
  return rounds.map((round, index) => ({
    from: round.readAt,
    to: Math.min(rounds[index + 1]?.readAt ?? now, round.readAt + staleAfterSeconds),
    round,
  }));
}

/** The segments that reach into each of `count` equal parts of a span. */
export function bucketsOf(segments: readonly Segment[], { from, to }: Span, count: number): Segment[][] {
  const buckets: Segment[][] = Array.from({ length: count }, () => []);
  const width = (to - from) / count;
  for (const segment of segments) {
    const first = Math.max(0, Math.floor((segment.from - from) / width));
    // One that ends where a bucket begins does not reach into it; one without length still counts once.
    const last = Math.min(count - 1, Math.max(first, Math.ceil((segment.to - from) / width) - 1));
    if (segment.to < from) continue;
    for (let index = first; index <= last; index++) buckets[index]?.push(segment);
  }
  return buckets;
}

/** The worst status of a bucket; undefined where nothing was known. */
export function worstIn(bucket: readonly Segment[]): Status | undefined {
  return bucket.reduce<Status | undefined>(
    (worst, { round }) => (worst === undefined ? round.status : worse(worst, round.status)),
    undefined,
  );
}

/**
 * Shares of the time since the first round in the span, from 0 to 1, by status; `nothing` is the time in which no
 * figures were fresh. Undefined when the span holds no round.
 */
export function sharesOf(segments: readonly Segment[], span: Span): Shares | undefined {
  const seconds = { up: 0, degraded: 0, down: 0 };
  let began = Infinity;
  for (const { from, to, round } of segments) {
    if (to < span.from) continue;
    began = Math.min(began, Math.max(from, span.from));
    seconds[round.status] += Math.max(0, to - Math.max(from, span.from));
  }
  if (began === Infinity) return undefined;
  const total = span.to - began;
  // A round that has just come is all there is.
  if (total <= 0)
    return { up: 0, degraded: 0, down: 0, nothing: 0, [segments.at(-1)?.round.status ?? 'down']: 1 };
  const { up, degraded, down } = seconds;
  const nothing = Math.max(0, total - up - degraded - down);
  return { up: up / total, degraded: degraded / total, down: down / total, nothing: nothing / total };
}

export type Shares = Readonly<Record<Status | 'nothing', number>>;

/** When a component came into the status it has. */
export interface LastChange {
  /** Seconds since the epoch. */
  readonly time: number;
  /** False: it was in this status already when the kept history begins. */
  readonly isKnown: boolean;
}

/**
 * The first of the newest rounds in a row with this status. Undefined when the newest round had another one: then
 * age has changed it since, or there is no history.
 *
 * @param rounds oldest first
 */
export function lastChangeTo(status: Status, rounds: readonly Sample[]): LastChange | undefined {
  const before = rounds.findLastIndex((round) => round.status !== status);
  const first = rounds[before + 1];
  return first === undefined ? undefined : { time: first.time, isKnown: before !== -1 };
}
