import type {
  ConsumerReading,
  Observation,
  ProblemKind,
  SequencePosition,
} from '../../src/health/consumer-reading.js';

const NEVER: SequencePosition = {
  consumerSeq: 0,
  streamSeq: 0,
  lastActive: undefined,
  lastActiveAgoMs: undefined,
};

/** A reading of an idle pull consumer that nobody pulls from and that never delivered anything. */
export function aReading(changes: Partial<ConsumerReading> = {}): ConsumerReading {
  return {
    created: '2026-01-01T00:00:00Z',
    type: 'pull',
    pushBound: false,
    waitingPulls: 0,
    pending: 0,
    ackPending: 0,
    redelivered: 0,
    delivered: NEVER,
    ackFloor: NEVER,
    paused: false,
    maxAckPending: 1000,
    ackWaitMs: 30_000,
    hasPriorityPolicy: false,
    leader: undefined,
    replicasShort: false,
    oldestUnackedSeconds: 0,
    gaveUpOldest: false,
    metadata: undefined,
    ...changes,
  };
}

/** A position after `seq` messages, last moved `agoMs` before the reading. */
export function aPosition(seq: number, agoMs = 0): SequencePosition {
  return {
    consumerSeq: seq,
    streamSeq: seq,
    lastActive: `2026-01-01T00:00:00.${String(seq).padStart(3, '0')}Z`,
    lastActiveAgoMs: agoMs,
  };
}

export function observed(reading: ConsumerReading, askedAt: number): Observation {
  return { outcome: 'reading', askedAt, reading };
}

export function inconclusive(askedAt: number, problem: ProblemKind = 'timeout'): Observation {
  return { outcome: 'inconclusive', askedAt, problem };
}
