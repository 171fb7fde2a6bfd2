import type { ConsumerId, ConsumerReading, SequencePosition } from '../health/consumer-reading.js';
import { countOf, isJsonObject, textOf } from './json-fields.js';
import type { JsonObject } from './json-fields.js';
import { replicasShort } from './replicas.js';
import { serverTimeMs } from './server-time.js';

/** One valid consumer info, with what the question about its oldest message needs. */
export interface ConsumerInfo {
  readonly id: ConsumerId;
  /** As of a consumer without any work: what a second question finds out about the oldest message is not in it. */
  readonly reading: ConsumerReading;
  /** The server's time of the answer; undefined before 2.10. */
  readonly ts: string | undefined;
  readonly deliverPolicy: string;
  readonly startSequence: number | undefined;
  readonly startTime: string | undefined;
  /** Subjects that the consumer wants; never empty. */
  readonly filters: readonly string[];
  /** A message is given up after so many deliveries; undefined: never. */
  readonly maxDeliver: number | undefined;
  /** The answer has a `cluster` block. */
  readonly isClustered: boolean;
}

const ACK_POLICIES = ['none', 'all', 'explicit'];
const NANOSECONDS_PER_MS = 1_000_000;

/**
 * Checks a consumer info strictly; an answer that is wrong in anything we use proves nothing and gives undefined. The
 * client library lets `null`, negative and fractional counts and answers for other consumers pass. Never throws.
 *
 * @param value parsed JSON of an INFO answer or of an entry of a LIST answer
 * @param wallMs ms since the epoch on our steady clock, for servers that send no time
 */
export function decodeConsumerInfo(value: unknown, wallMs: number): ConsumerInfo | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.config)) return undefined;
  const { config } = value;
  const stream = textOf(value.stream_name);
  const consumer = textOf(value.name);
  const created = textOf(value.created);
  const waitingPulls = countOf(value.num_waiting);
  const pending = countOf(value.num_pending);
  const ackPending = countOf(value.num_ack_pending);
  const redelivered = countOf(value.num_redelivered);
  const ts = value.ts === undefined ? undefined : textOf(value.ts);
  const readMs = ts === undefined ? wallMs : serverTimeMs(ts);
  if (
    stream === undefined ||
    consumer === undefined ||
    created === undefined ||
    serverTimeMs(created) === undefined ||
    waitingPulls === undefined ||
    pending === undefined ||
    ackPending === undefined ||
    redelivered === undefined ||
    (value.ts !== undefined && ts === undefined) ||
    readMs === undefined
  ) {
    return undefined;
  }
  const delivered = positionOf(value.delivered, readMs);
  const ackFloor = positionOf(value.ack_floor, readMs);
  const filters = filtersOf(config);
  const ackPolicy = config.ack_policy;
  const maxAckPending = limitOf(config.max_ack_pending);
  const group = replicasShort(value.cluster, config.num_replicas);
  if (
    delivered === undefined ||
    ackFloor === undefined ||
    filters === undefined ||
    group === undefined ||
    maxAckPending === undefined ||
    typeof ackPolicy !== 'string' ||
    !ACK_POLICIES.includes(ackPolicy)
  ) {
    return undefined;
  }
  const maxDeliver = countOf(config.max_deliver);
  return {
    id: { stream, consumer },
    reading: {
      created,
      type: textOf(config.deliver_subject) === undefined ? 'pull' : 'push',
      pushBound: value.push_bound === true,
      waitingPulls,
      pending,
      ackPending,
      redelivered,
      delivered,
      ackFloor,
      paused: value.paused === true,
      maxAckPending,
      ackWaitMs: ackPolicy === 'none' ? undefined : longestWaitMs(config),
      hasPriorityPolicy: hasPriorityPolicy(config),
      leader: group.leader,
      replicasShort: group.isShort,
      oldestUnackedSeconds: 0,
      gaveUpOldest: false,
      metadata: metadataOf(config.metadata),
    },
    ts,
    deliverPolicy: textOf(config.deliver_policy) ?? 'all',
    startSequence: countOf(config.opt_start_seq),
    startTime: textOf(config.opt_start_time),
    filters,
    maxDeliver: maxDeliver === 0 ? undefined : maxDeliver,
    isClustered: value.cluster !== undefined,
  };
}

/** Absent or not above 0: none, which is Infinity. Undefined for what is no limit at all. */
function limitOf(value: unknown): number | undefined {
  if (value === undefined) return Infinity;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
  return value > 0 ? value : Infinity;
}

function positionOf(value: unknown, readMs: number): SequencePosition | undefined {
  if (!isJsonObject(value)) return undefined;
  const consumerSeq = countOf(value.consumer_seq);
  const streamSeq = countOf(value.stream_seq);
  if (consumerSeq === undefined || streamSeq === undefined) return undefined;
  if (value.last_active === undefined) {
    return { consumerSeq, streamSeq, lastActive: undefined, lastActiveAgoMs: undefined };
  }
  const lastActive = textOf(value.last_active);
  const lastActiveMs = lastActive === undefined ? undefined : serverTimeMs(lastActive);
  if (lastActiveMs === undefined) return undefined;
  return { consumerSeq, streamSeq, lastActive, lastActiveAgoMs: Math.max(0, readMs - lastActiveMs) };
}

/** From the answer and not from what somebody configured: 2.9 drops a list of filters silently. */
function filtersOf({ filter_subjects: several, filter_subject: one }: JsonObject): string[] | undefined {
  if (Array.isArray(several) && several.length > 0) {
    const subjects = several.map(textOf).filter((subject) => subject !== undefined);
    return subjects.length === several.length ? subjects : undefined;
  }
  return [textOf(one) ?? '>'];
}

/** How long a delivered message may take: the ack wait, or a step of the backoff if that is longer. */
function longestWaitMs({ ack_wait: ackWait, backoff }: JsonObject): number | undefined {
  let longest = countOf(ackWait) ?? 0;
  if (Array.isArray(backoff)) {
    for (const step of backoff as unknown[]) longest = Math.max(longest, countOf(step) ?? 0);
  }
  return longest > 0 ? longest / NANOSECONDS_PER_MS : undefined;
}

function hasPriorityPolicy({ priority_policy: policy, priority_groups: groups }: JsonObject): boolean {
  return (textOf(policy) !== undefined && policy !== 'none') || (Array.isArray(groups) && groups.length > 0);
}

/** The metadata that people wrote (2.10 and later); newer servers add keys of their own. */
export function metadataOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isJsonObject(value)) return undefined;
  // Newer servers add their keys to every consumer: most have no others.
  const keys = Object.keys(value).filter(
    (key) => !key.startsWith('_nats.') && typeof value[key] === 'string',
  );
  return keys.length === 0 ? undefined : Object.fromEntries(keys.map((key) => [key, value[key] as string]));
}
