import type { ConsumerReading, SequencePosition } from '../health/consumer-reading.js';

/**
 * Whether two readings of a consumer say the same, so that the earlier one can stand for both: what every round makes
 * anew for ten thousand idle consumers, the garbage collector must move and free, and that costs more than reading.
 *
 * How long ago something was active is not compared, since it grows by itself; it counts for the first reading only.
 */
export function isSameReading(one: ConsumerReading, other: ConsumerReading): boolean {
  return (
    one.created === other.created &&
    one.type === other.type &&
    one.pushBound === other.pushBound &&
    one.waitingPulls === other.waitingPulls &&
    one.pending === other.pending &&
    one.ackPending === other.ackPending &&
    one.redelivered === other.redelivered &&
    isSamePosition(one.delivered, other.delivered) &&
    isSamePosition(one.ackFloor, other.ackFloor) &&
    one.paused === other.paused &&
    one.maxAckPending === other.maxAckPending &&
    one.ackWaitMs === other.ackWaitMs &&
    one.hasPriorityPolicy === other.hasPriorityPolicy &&
    one.leader === other.leader &&
    one.replicasShort === other.replicasShort &&
    one.oldestUnackedSeconds === other.oldestUnackedSeconds &&
    one.gaveUpOldest === other.gaveUpOldest &&
    isSameMetadata(one.metadata, other.metadata)
  );
}

function isSamePosition(one: SequencePosition, other: SequencePosition): boolean {
  return (
    one.consumerSeq === other.consumerSeq &&
    one.streamSeq === other.streamSeq &&
    one.lastActive === other.lastActive
  );
}

function isSameMetadata(one: ConsumerReading['metadata'], other: ConsumerReading['metadata']): boolean {
  if (one === undefined || other === undefined) return one === other;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
