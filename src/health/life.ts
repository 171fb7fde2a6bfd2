import type { ConsumerTerms } from './component-round.js';
import type { ConsumerReading, SequencePosition } from './consumer-reading.js';

/**
 * What one reading shows about a consumer's workers.
 * - `pulling`: somebody asks for messages at this moment
 * - `working`: nobody asks, but messages were handed over or settled within the window
 * - `silent`: neither, and delivered messages are not settled
 * - `quiet`: neither, and nothing is in flight: nobody, or a worker between two pulls
 */
export type Sign = 'pulling' | 'working' | 'silent' | 'quiet';

/** What the readings together prove. `unproven`: neither seen alive nor dead yet. */
export type Standing = 'alive' | 'dead' | 'unproven';

/** The life of one incarnation of a consumer and the evidence for it; all moments in monotonic ms. */
export interface ConsumerLife {
  readonly reading: ConsumerReading;
  readonly sign: Sign;
  readonly standing: Standing;
  /** When `delivered` was last seen to move: deliveries and in-progress acknowledgements. -Infinity: never. */
  readonly deliveredMovedAt: number;
  /** When `ack_floor` was last seen to move. -Infinity: never. */
  readonly ackFloorMovedAt: number;
  /** Quiet and silent readings in a row, as far as they count. */
  readonly lifelessReadings: number;
  /** Until then a quiet or silent reading proves nothing: clients re-pull that late after an election. */
  readonly graceUntil: number;
  /** First of the present run of quiet readings with work pending; undefined outside such a run. */
  readonly idleWithWorkSince: number | undefined;
  /** First of the present run of readings in which work and pulls wait and nothing is handed over. */
  readonly stalledSince: number | undefined;
  /** Work and workers have been there for 60 s and the server has handed nothing over. */
  readonly isStuck: boolean;
}

/** An ack policy without an ack wait still lets a worker take this long. */
const WINDOW_WITHOUT_ACK_WAIT_MS = 30_000;
/** The ack floor also moves when messages of a dead worker expire, so it is believed for a bounded time only. */
const ACK_FLOOR_WINDOWS = 10;
/** An idle default `consume()` was measured to pull again 44 s after its leader was gone. */
const ELECTION_GRACE_MS = 60_000;
const STUCK_AFTER_MS = 60_000;
const LIFELESS_READINGS_TO_BE_DEAD = 2;

export interface LifeContext {
  readonly terms: Pick<ConsumerTerms, 'workWindowMs' | 'expectPullers'>;
  /** Poll interval, ms. */
  readonly everyMs: number;
}

/**
 * The life of a consumer after one more reading; the very same object when nothing in it changes, as for thousands of
 * idle consumers in every round, so that these leave nothing behind for the garbage collector.
 *
 * Movement is judged by comparing readings on our own clock; the server's clock counts only for the first reading of
 * an incarnation. So no jump of a wall clock changes life.
 *
 * @param previous undefined for the first reading ever; dropped when the consumer was created anew since
 * @param readAt monotonic ms of the reading
 */
export function lifeAfter(
  previous: ConsumerLife | undefined,
  reading: ConsumerReading,
  readAt: number,
  context: LifeContext,
): ConsumerLife {
  const before = previous?.reading.created === reading.created ? previous : undefined;
  const deliveredMovedAt =
    before === undefined
      ? firstMovedAt(reading.delivered, readAt)
      : deliveredMoved(before.reading.delivered, reading.delivered)
        ? readAt
        : before.deliveredMovedAt;
  const ackFloorMovedAt =
    before === undefined
      ? firstMovedAt(reading.ackFloor, readAt)
      : ackFloorMoved(before.reading.ackFloor, reading.ackFloor)
        ? readAt
        : before.ackFloorMovedAt;
  const sign = signOf(reading, {
    deliveredAgo: readAt - deliveredMovedAt,
    ackFloorAgo: readAt - ackFloorMovedAt,
    windowMs: windowOf(reading, context),
  });

  const leaderMemoryLost = lostMemory(before?.reading, reading);
  const graceUntil = leaderMemoryLost ? readAt + ELECTION_GRACE_MS : (before?.graceUntil ?? -Infinity);
  const idleWithWork = sign === 'quiet' && reading.pending > 0;
  const idleWithWorkSince = idleWithWork ? (before?.idleWithWorkSince ?? readAt) : undefined;

  let standing = before?.standing ?? 'unproven';
  let lifelessReadings = 0;
  if (sign === 'pulling' || sign === 'working' || isIdleAsExpected(reading, context)) {
    standing = 'alive';
  } else if (readAt > graceUntil) {
    // A run of lifeless readings does not continue across an election.
    lifelessReadings = (before?.lifelessReadings ?? 0) + 1;
    if (
      lifelessReadings >= LIFELESS_READINGS_TO_BE_DEAD &&
      !isDueLately(idleWithWorkSince, readAt, context, reading)
    ) {
      standing = 'dead';
    }
  }
  const stalledSince = stalledSinceOf(before, reading, { sign, readAt });
  const isStuck = stalledSince !== undefined && readAt - stalledSince >= STUCK_AFTER_MS;
  if (
    before?.reading === reading &&
    before.sign === sign &&
    before.standing === standing &&
    before.deliveredMovedAt === deliveredMovedAt &&
    before.ackFloorMovedAt === ackFloorMovedAt &&
    before.lifelessReadings === lifelessReadings &&
    before.graceUntil === graceUntil &&
    before.idleWithWorkSince === idleWithWorkSince &&
    before.stalledSince === stalledSince &&
    before.isStuck === isStuck
  ) {
    return before;
  }
  return {
    reading,
    sign,
    standing,
    deliveredMovedAt,
    ackFloorMovedAt,
    lifelessReadings,
    graceUntil,
    idleWithWorkSince,
    stalledSince,
    isStuck,
  };
}

/**
 * The same evidence after an outage of our readings: what was seen to move stays a baseline, but no standing and no
 * run of readings reaches across.
 */
export function lifeAcrossOutage(life: ConsumerLife): ConsumerLife {
  return {
    ...life,
    standing: 'unproven',
    lifelessReadings: 0,
    idleWithWorkSince: undefined,
    stalledSince: undefined,
    isStuck: false,
  };
}

/** Only here the server's clock counts: nothing is known yet to compare with. */
function firstMovedAt(position: SequencePosition, readAt: number): number {
  return position.lastActiveAgoMs === undefined ? -Infinity : readAt - position.lastActiveAgoMs;
}

/** The stream sequence is no witness: it runs ahead over messages that the filter skips (2.9, 2.10). */
function deliveredMoved(before: SequencePosition, now: SequencePosition): boolean {
  return now.consumerSeq > before.consumerSeq || timeMoved(before, now);
}

function ackFloorMoved(before: SequencePosition, now: SequencePosition): boolean {
  return now.consumerSeq > before.consumerSeq || now.streamSeq > before.streamSeq || timeMoved(before, now);
}

/** A time that disappears has not moved, and neither has a count that falls: that is a restart. */
function timeMoved(before: SequencePosition, now: SequencePosition): boolean {
  return now.lastActive !== undefined && now.lastActive !== before.lastActive;
}

function windowOf(reading: ConsumerReading, { terms, everyMs }: LifeContext): number {
  return (terms.workWindowMs ?? reading.ackWaitMs ?? WINDOW_WITHOUT_ACK_WAIT_MS) + everyMs;
}

function isPulling(reading: ConsumerReading): boolean {
  return reading.type === 'push' ? reading.pushBound : reading.waitingPulls > 0;
}

function signOf(
  reading: ConsumerReading,
  moved: { deliveredAgo: number; ackFloorAgo: number; windowMs: number },
): Sign {
  if (isPulling(reading)) return 'pulling';
  const inFlight = reading.ackPending > 0;
  if (moved.deliveredAgo <= moved.windowMs) return 'working';
  if (
    inFlight &&
    moved.ackFloorAgo <= moved.windowMs &&
    moved.deliveredAgo <= ACK_FLOOR_WINDOWS * moved.windowMs
  ) {
    return 'working';
  }
  return inFlight ? 'silent' : 'quiet';
}

/** A restart or an election took the pulls and the times away; at the first reading: a time is missing that must have been there. */
function lostMemory(before: ConsumerReading | undefined, now: ConsumerReading): boolean {
  if (before === undefined) return now.delivered.lastActive === undefined && now.delivered.consumerSeq > 0;
  if (now.leader !== before.leader) return true;
  return (
    (before.delivered.lastActive !== undefined && now.delivered.lastActive === undefined) ||
    (before.ackFloor.lastActive !== undefined && now.ackFloor.lastActive === undefined)
  );
}

/** Workers that only come when there is work need not be there without it. */
function isIdleAsExpected(reading: ConsumerReading, { terms }: LifeContext): boolean {
  return terms.expectPullers === 'when_due' && reading.pending === 0;
}

/** Workers that only come when there is work get a window's time to come. */
function isDueLately(
  idleWithWorkSince: number | undefined,
  readAt: number,
  context: LifeContext,
  reading: ConsumerReading,
): boolean {
  return (
    context.terms.expectPullers === 'when_due' &&
    idleWithWorkSince !== undefined &&
    readAt - idleWithWorkSince <= windowOf(reading, context)
  );
}

/** Start of the run of readings in which work and pulls wait, nothing stands in the way, and nothing is handed over. */
function stalledSinceOf(
  before: ConsumerLife | undefined,
  now: ConsumerReading,
  { sign, readAt }: { sign: Sign; readAt: number },
): number | undefined {
  const waits =
    sign === 'pulling' &&
    now.pending > 0 &&
    !now.paused &&
    now.ackPending < now.maxAckPending &&
    !now.hasPriorityPolicy;
  if (!waits) return undefined;
  const unchanged = before?.reading.delivered.consumerSeq === now.delivered.consumerSeq;
  return (unchanged ? before.stalledSince : undefined) ?? readAt;
}
