/** Names one JetStream consumer. */
export interface ConsumerId {
  readonly stream: string;
  readonly consumer: string;
}

/** A position of consumer info: `delivered` or `ack_floor`. */
export interface SequencePosition {
  readonly consumerSeq: number;
  readonly streamSeq: number;
  /** The server's time of the last movement exactly as it stood in the answer; compared for equality only. */
  readonly lastActive: string | undefined;
  /**
   * Milliseconds between `lastActive` and the answer: on the server's clock (2.10 and later send `ts`), else by our
   * steady wall clock; never below 0. Undefined when `lastActive` is. Of equal readings in a row it is the
   * first one's: it counts only where nothing is known to compare with.
   */
  readonly lastActiveAgoMs: number | undefined;
}

/** What one valid answer about one consumer said, in our own names. All counts are safe integers >= 0. */
export interface ConsumerReading {
  /** Creation time of the consumer; another value is another incarnation under the same name. */
  readonly created: string;
  /** `push` when the consumer has a deliver subject. */
  readonly type: 'pull' | 'push';
  /** `push_bound`: a push consumer has a subscriber now. */
  readonly pushBound: boolean;
  /** `num_waiting`: outstanding pull requests. */
  readonly waitingPulls: number;
  /** `num_pending`: messages never delivered. */
  readonly pending: number;
  /** `num_ack_pending`: messages delivered and not settled. */
  readonly ackPending: number;
  /** `num_redelivered`. */
  readonly redelivered: number;
  readonly delivered: SequencePosition;
  readonly ackFloor: SequencePosition;
  /** `paused`, server 2.11 and later. */
  readonly paused: boolean;
  /** Limit of `ackPending`; Infinity when there is none (`max_ack_pending` absent or <= 0). */
  readonly maxAckPending: number;
  /** The longest of the ack wait and the backoff steps; undefined with ack policy none. */
  readonly ackWaitMs: number | undefined;
  /** Priority groups are configured (2.11 and later): waiting pulls beside pending messages can be as intended. */
  readonly hasPriorityPolicy: boolean;
  /** Leader of the consumer's group; undefined outside a cluster. */
  readonly leader: string | undefined;
  /** R > 1, and fewer than a majority of the group is current, online and heard from within 6 s. */
  readonly replicasShort: boolean;
  /** Age since publication of the oldest message still pending or in flight; undefined: not permitted to know. */
  readonly oldestUnackedSeconds: number | undefined;
  /** A message ahead of the oldest one was given up after its last delivery (`max_deliver`). */
  readonly gaveUpOldest: boolean;
  /** The consumer's own metadata (2.10 and later), without the keys the server adds; undefined when there is none. */
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** Why an answer proves nothing. The only thing about a failed read that leaves the JetStream adapter. */
export type ProblemKind =
  | 'disconnected'
  | 'auth'
  | 'timeout'
  | 'permission'
  | 'jetstream_off'
  | 'jetstream_off_for_account'
  | 'domain_unreachable'
  | 'no_quorum'
  | 'overloaded'
  | 'server'
  | 'malformed';

/**
 * What one round says about one consumer. `askedAt` is the monotonic moment (ms) at which the oldest request behind
 * it was sent.
 */
export type Observation =
  | { readonly outcome: 'reading'; readonly askedAt: number; readonly reading: ConsumerReading }
  /** Definite: the server says that the consumer or its stream does not exist. */
  | { readonly outcome: 'absent'; readonly askedAt: number }
  /** Counts towards nothing: the last reading grows older. */
  | { readonly outcome: 'inconclusive'; readonly askedAt: number; readonly problem: ProblemKind };
