import type { ConsumerInfo } from './consumer-info.js';
import type { ConsumerMemory } from './consumer-memory.js';
import type { GivenUpMessages } from './given-up-messages.js';
import type { LookUp } from './message-lookups.js';
import { findOldestUnacked } from './oldest-unacked.js';
import { parseServerTime } from './server-time.js';
import type { StoredMessage } from './stored-message.js';

/** What is known about the oldest unacknowledged message of a consumer. */
export interface OldestAge {
  /** Whole seconds since its publication; 0 when there is none. */
  readonly seconds: number;
  /** A message ahead of it was given up after its last delivery. */
  readonly gaveUp: boolean;
  /** The counts say that there is work, and no message of it was found: the state moved between two questions. */
  readonly moved: boolean;
}

export interface OldestAgeDeps {
  readonly memory: ConsumerMemory;
  readonly givenUp: GivenUpMessages;
  readonly lookUp: LookUp;
  readonly timeoutMs: () => number;
  /** Ms since the epoch, for servers that send no time. */
  readonly wallMs: number;
}

const NANOSECONDS_PER_MS = 1_000_000n;
const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** @throws ReadProblem, AbsentError when a question about a message failed; nothing is remembered then */
export async function readOldestAge(info: ConsumerInfo, deps: OldestAgeDeps): Promise<OldestAge> {
  const { memory, givenUp, wallMs } = deps;
  const found = await findOldestUnacked(info, memory.oldest, async (seq) => {
    let match = await firstMatch(info, seq, deps);
    // One that was given up is in no count, so it is not what anybody waits for.
    while (match !== undefined && givenUp.has(info.id, match.seq)) {
      match = await firstMatch(info, match.seq + 1, deps);
    }
    return match;
  });
  memory.oldest = found.memory;
  const { oldest, moved } = found;
  if (oldest === undefined) return { seconds: 0, gaveUp: false, moved };
  // The server's own time where it sends one: then no clock of ours matters.
  const readAt = parseServerTime(info.ts) ?? BigInt(Math.floor(wallMs)) * NANOSECONDS_PER_MS;
  return {
    seconds: Math.max(0, Number((readAt - oldest.time) / NANOSECONDS_PER_SECOND)),
    gaveUp: givenUp.standsBetween(info.id, info.reading.ackFloor.streamSeq, oldest.seq),
    moved,
  };
}

/** The lowest match over all filters: a server refuses several of them in one question. */
async function firstMatch(
  { id: { stream }, filters, reading: { created } }: ConsumerInfo,
  seq: number,
  { lookUp, timeoutMs }: OldestAgeDeps,
): Promise<StoredMessage | undefined> {
  const matches = await Promise.all(
    filters.map((filter) => lookUp({ stream, filter, seq, created }, timeoutMs)),
  );
  let lowest: StoredMessage | undefined;
  for (const match of matches) {
    if (match !== undefined && (lowest === undefined || match.seq < lowest.seq)) lowest = match;
  }
  return lowest;
}
