import { countOf, isJsonObject, parseJson, textOf } from './json-fields.js';
import type { JsonObject } from './json-fields.js';

/** One page of a stream's consumers, not checked yet. */
export interface ConsumerPage {
  /** Of the whole list. */
  readonly total: number;
  readonly entries: PageEntries;
  /** Consumers that exist and did not answer the server in time (`missing`, in newer versions `offline` too). */
  readonly unanswered: readonly string[];
}

/** The consumer infos of a page as bytes, so that nobody has to parse those that say nothing new. */
export interface PageEntries {
  readonly bytes: Buffer;
  readonly starts: readonly number[];
  /** As many; each is one beyond the last byte. */
  readonly ends: readonly number[];
}

/**
 * How every entry begins (2.9 to 2.15). In JSON these bytes can stand only where an object begins; that may be an
 * object within an entry, such as metadata with a key of this name, but no entry has ended before that.
 */
const ENTRY_START = Buffer.from('{"stream_name":"');
const BETWEEN_ENTRIES = Buffer.from('},');
const LIST_END = '}]';

/**
 * Cuts the consumer infos out of the answer to a list.
 *
 * @returns what is left, parsed, whatever it was that came; and what was cut out
 */
export function cutConsumerList(answer: Uint8Array): { rest: unknown; entries: PageEntries } {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  const starts = startsIn(bytes);
  const [first] = starts;
  if (first !== undefined && starts.every((start) => start === first || followsAnEntry(bytes, start))) {
    const end = bytes.lastIndexOf(LIST_END) + 1;
    const rest = parseJson(Buffer.concat([bytes.subarray(0, first), bytes.subarray(end)]));
    if (isJsonObject(rest) && Array.isArray(rest.consumers) && rest.consumers.length === 0) {
      return { rest, entries: { bytes, starts, ends: [...starts.slice(1).map((next) => next - 1), end] } };
    }
  }
  // Nothing to cut, or it cannot be seen where to: written anew it can.
  const rest = parseJson(bytes);
  return { rest, entries: writtenAnew(isJsonObject(rest) ? rest.consumers : undefined) };
}

/** @returns undefined for what is no page */
export function pageOf(rest: JsonObject, entries: PageEntries): ConsumerPage | undefined {
  const total = countOf(rest.total);
  // None at all is null.
  if (total === undefined || !Array.isArray(rest.consumers ?? [])) return undefined;
  return { total, entries, unanswered: [...namesIn(rest.missing), ...namesIn(rest.offline)] };
}

/** What an entry says; undefined when it is no object. */
export function entryAt({ bytes, starts, ends }: PageEntries, index: number): JsonObject | undefined {
  const value = parseJson(bytes.subarray(starts[index], ends[index]));
  return isJsonObject(value) ? value : undefined;
}

function followsAnEntry(bytes: Buffer, start: number): boolean {
  return bytes.subarray(start - BETWEEN_ENTRIES.length, start).equals(BETWEEN_ENTRIES);
}

function startsIn(bytes: Buffer): number[] {
  const starts: number[] = [];
  let at = bytes.indexOf(ENTRY_START);
  while (at !== -1) {
    starts.push(at);
    at = bytes.indexOf(ENTRY_START, at + ENTRY_START.length);
  }
  return starts;
}

function writtenAnew(consumers: unknown): PageEntries {
  const texts = Array.isArray(consumers) ? consumers.map((info) => Buffer.from(JSON.stringify(info))) : [];
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const { length } of texts) {
    starts.push(at);
    at += length;
    ends.push(at);
  }
  return { bytes: Buffer.concat(texts), starts, ends };
}

/** A list of names, or a map with the names as its keys. */
function namesIn(value: unknown): string[] {
  const names: readonly unknown[] = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? Object.keys(value)
      : [];
  return names.map(textOf).filter((name) => name !== undefined);
}
