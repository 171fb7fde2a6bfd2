import { countOf, isJsonObject, parseJson } from './json-fields.js';
import { parseServerTime } from './server-time.js';

/** Where and when a message was stored. */
export interface StoredMessage {
  readonly seq: number;
  /** Nanoseconds since the epoch, on the server's clock. */
  readonly time: bigint;
}

/** Larger answers hold a payload that is not worth parsing. */
const PARSE_UP_TO_BYTES = 16_384;

/**
 * Reads sequence and time out of a MSG.GET answer. Never throws.
 *
 * @returns undefined when it is not the answer it should be
 */
export function decodeStoredMessage(answer: Uint8Array): StoredMessage | undefined {
  const { seq, time } = answer.byteLength <= PARSE_UP_TO_BYTES ? parsedFields(answer) : cutFields(answer);
  const storedAt = parseServerTime(time);
  const sequence = countOf(seq);
  return sequence === undefined || sequence === 0 || storedAt === undefined
    ? undefined
    : { seq: sequence, time: storedAt };
}

interface Fields {
  readonly seq?: unknown;
  readonly time?: unknown;
}

function parsedFields(answer: Uint8Array): Fields {
  const value = parseJson(answer);
  return isJsonObject(value) && isJsonObject(value.message) ? value.message : {};
}

/** Neither key can stand inside a value: quotes are escaped in text, and the payload is base64. */
function cutFields(answer: Uint8Array): Fields {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  const seqAt = bytes.indexOf('"seq":');
  const timeAt = bytes.lastIndexOf('"time":');
  if (seqAt === -1 || timeAt === -1) return {};
  const seq = /^"seq":(\d{1,16})[,}]/.exec(bytes.toString('latin1', seqAt, seqAt + 32))?.[1];
  const time = /^"time":"([^"]{1,40})"/.exec(bytes.toString('latin1', timeAt, timeAt + 64))?.[1];
  return { seq: seq === undefined ? undefined : Number(seq), time };
}
