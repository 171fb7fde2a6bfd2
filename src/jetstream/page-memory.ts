import type { PageEntries } from './consumer-page.js';

/**
 * Remembers the pages of consumer lists from round to round, so that a consumer that says what it said before need not
 * be parsed again. Most do: parsing ten thousand idle ones anew costs more than all else in a round, and leaves more
 * to the garbage collector.
 *
 * @typeParam T what is kept of an entry
 */
export interface PageMemory<T> {
  /**
   * @param page by the offset of its first entry
   * @param take called with each entry's place, and with what it left the last time when it says the same since;
   *   returns what is to be kept until the next time
   */
  read(
    page: { readonly stream: string; readonly offset: number },
    entries: PageEntries,
    take: (index: number, kept: T | undefined) => T | undefined,
  ): void;
  /** Forgets all streams but these. */
  keepOnly(streams: Pick<ReadonlySet<string>, 'has'>): void;
}

interface KeptPage<T> {
  readonly entries: PageEntries;
  readonly times: readonly (TimePlace | undefined)[];
  /** Changed in place: what lives from round to round should not be made anew in each. */
  readonly kept: (T | undefined)[];
}

/** Where the server's time of the answer stands in an entry: it is another one in every answer. */
interface TimePlace {
  /** Bytes before it. */
  readonly start: number;
  /** Bytes after it. */
  readonly rest: number;
}

const TIME_START = Buffer.from('"ts":"');
const QUOTE = 0x22;
const IS_BYTE_OF_TIMES = new Uint8Array(256);
for (const byte of Buffer.from('0123456789-+:.TZ')) IS_BYTE_OF_TIMES[byte] = 1;

export function createPageMemory<T>(): PageMemory<T> {
  const streams = new Map<string, Map<number, KeptPage<T>>>();
  return {
    read({ stream, offset }, entries, take) {
      const pages = streams.get(stream) ?? new Map<number, KeptPage<T>>();
      streams.set(stream, pages);
      const before = pages.get(offset);
      // What `take` throws must not leave a page behind that is half of one round and half of another.
      pages.delete(offset);
      const kept = before?.kept ?? [];
      let isSame = kept.length === entries.starts.length;
      entries.starts.forEach((_, index) => {
        const isKnown = before !== undefined && saysTheSame(before, entries, index);
        isSame &&= isKnown;
        kept[index] = take(index, isKnown ? kept[index] : undefined);
      });
      kept.length = entries.starts.length;
      pages.set(offset, isSame && before !== undefined ? before : keep(entries, kept));
    },
    keepOnly(wanted) {
      for (const stream of streams.keys()) {
        if (!wanted.has(stream)) streams.delete(stream);
      }
    },
  };
}

function keep<T>({ bytes, starts, ends }: PageEntries, kept: (T | undefined)[]): KeptPage<T> {
  // A copy: the client's bytes are part of a larger buffer.
  const entries = { bytes: Buffer.from(bytes), starts, ends };
  return { entries, times: starts.map((_, index) => timePlace(entries, index)), kept };
}

/** Undefined before 2.10: the answer tells no time. */
function timePlace({ bytes, starts, ends }: PageEntries, index: number): TimePlace | undefined {
  const entry = bytes.subarray(starts[index], ends[index]);
  const found = entry.lastIndexOf(TIME_START);
  const start = found + TIME_START.length;
  const quote = found === -1 ? -1 : entry.indexOf(QUOTE, start);
  return quote === -1 ? undefined : { start, rest: entry.length - quote };
}

/** Byte by byte; only the time may be another one. */
function saysTheSame<T>({ entries, times }: KeptPage<T>, now: PageEntries, index: number): boolean {
  const [start, end] = [entries.starts[index], entries.ends[index]];
  const [nowStart, nowEnd] = [now.starts[index], now.ends[index]];
  if (start === undefined || end === undefined || nowStart === undefined || nowEnd === undefined)
    return false;
  const time = times[index];
  const timeStart = nowStart + (time?.start ?? end - start);
  const timeEnd = nowEnd - (time?.rest ?? 0);
  const isTimeWhereOneIsDue =
    time === undefined ? timeStart === timeEnd : isTime(now.bytes, timeStart, timeEnd);
  return (
    isTimeWhereOneIsDue &&
    now.bytes.compare(entries.bytes, start, start + timeStart - nowStart, nowStart, timeStart) === 0 &&
    now.bytes.compare(entries.bytes, end - (nowEnd - timeEnd), end, timeEnd, nowEnd) === 0
  );
}

/** Looks like one, that is: whatever else stands there must be parsed to be refused. */
function isTime(bytes: Buffer, start: number, end: number): boolean {
  if (end <= start) return false;
  for (let at = start; at < end; at++) {
    if (IS_BYTE_OF_TIMES[bytes[at] ?? 0] !== 1) return false;
  }
  return true;
}
