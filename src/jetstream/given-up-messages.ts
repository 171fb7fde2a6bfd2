import type { ConsumerId } from '../health/consumer-reading.js';
import type { Connection } from './connection.js';
import type { ConsumerInfo } from './consumer-info.js';
import { countOf, isJsonObject, parseJson, textOf } from './json-fields.js';

/**
 * Messages that a server gave up after their last delivery (`max_deliver`), as its MAX_DELIVERIES advisories tell.
 * They are in no count any more, but pin the ack floor, and with it the oldest age, as long as other messages are in
 * flight. A hint: advisories that were sent while nobody listened are lost, and then the age is an upper bound.
 */
export interface GivenUpMessages {
  /** Listens for the consumer's stream from the first call on. */
  watch(info: ConsumerInfo): void;
  has(id: ConsumerId, seq: number): boolean;
  /** One stands above the ack floor and below `seq`. Forgets those at or below the floor. */
  standsBetween(id: ConsumerId, ackFloorSeq: number, seq: number): boolean;
}

const MOST_PER_CONSUMER = 1000;

export function createGivenUpMessages(connection: Pick<Connection, 'subscribe'>): GivenUpMessages {
  const streams = new Set<string>();
  const messages = new Map<string, Set<number>>();

  function note(payload: Uint8Array): void {
    const advisory = parseJson(payload);
    if (!isJsonObject(advisory)) return;
    const stream = textOf(advisory.stream);
    const consumer = textOf(advisory.consumer);
    const seq = countOf(advisory.stream_seq);
    if (stream === undefined || consumer === undefined || seq === undefined) return;
    const key = keyOf({ stream, consumer });
    const known = messages.get(key) ?? new Set();
    if (known.size < MOST_PER_CONSUMER) known.add(seq);
    messages.set(key, known);
  }

  return {
    watch({ id, maxDeliver }) {
      if (maxDeliver === undefined || streams.has(id.stream)) return;
      streams.add(id.stream);
      connection.subscribe(`$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${id.stream}.*`, note);
    },
    has: (id, seq) => messages.get(keyOf(id))?.has(seq) === true,
    standsBetween(id, ackFloorSeq, seq) {
      const known = messages.get(keyOf(id));
      let stands = false;
      for (const given of known ?? []) {
        if (given <= ackFloorSeq) known?.delete(given);
        else if (given < seq) stands = true;
      }
      return stands;
    },
  };
}

function keyOf({ stream, consumer }: ConsumerId): string {
  return `${stream} ${consumer}`;
}
