import type { Clock } from '../clock.js';
import { createLimiter } from '../limiter.js';
import type { JetStreamApi } from './api.js';
import type { StoredMessage } from './stored-message.js';

export interface LookupQuery {
  readonly stream: string;
  readonly filter: string;
  readonly seq: number;
  /** Creation time of the consumer that asks. */
  readonly created: string;
}

/** The lookups of one round: the same question is asked once. Rejects with ReadProblem or AbsentError. */
export type LookUp = (query: LookupQuery, timeoutMs: () => number) => Promise<StoredMessage | undefined>;

/** Answers hold whole payloads: so many bytes may be under way, in at most eight answers. */
const BYTES_IN_FLIGHT = 1024 * 1024;
const LEAST_WEIGHT = BYTES_IN_FLIGHT / 8;
/** Answers of this size are worth being kept for a while. */
const LARGE_BYTES = 64 * 1024;
/** Which message is the oldest can change without any sign (limits of the stream), so not for long. */
const KEEP_LARGE_MS = 30_000;

interface Kept {
  readonly message: StoredMessage;
  readonly at: number;
}

/** @returns starts the lookups of a round */
export function createMessageLookups(api: Pick<JetStreamApi, 'nextMessage'>, clock: Clock): () => LookUp {
  const limiter = createLimiter(BYTES_IN_FLIGHT);
  const sizes = new Map<string, number>();
  const kept = new Map<string, Kept>();

  async function ask(query: LookupQuery, timeoutMs: () => number): Promise<StoredMessage | undefined> {
    const { stream, filter, seq } = query;
    const { message, bytes } = await limiter.run(
      async () => api.nextMessage(stream, { seq, filter }, timeoutMs()),
      { member: stream, weight: Math.max(LEAST_WEIGHT, sizes.get(stream) ?? 0) },
    );
    sizes.set(stream, bytes);
    if (message !== undefined && bytes >= LARGE_BYTES)
      kept.set(keptKeyOf(query), { message, at: clock.now() });
    return message;
  }

  return () => {
    for (const [key, { at }] of kept) {
      if (clock.now() - at > KEEP_LARGE_MS) kept.delete(key);
    }
    const asked = new Map<string, Promise<StoredMessage | undefined>>();
    return (query, timeoutMs) => {
      const known = kept.get(keptKeyOf(query));
      if (known !== undefined) return Promise.resolve(known.message);
      const key = keyOf(query);
      const answer = asked.get(key) ?? ask(query, timeoutMs);
      asked.set(key, answer);
      return answer;
    };
  };
}

function keyOf({ stream, filter, seq }: LookupQuery): string {
  return `${stream} ${filter} ${String(seq)}`;
}

/** A stream that was created anew begins again with the same sequences, and so do its consumers. */
function keptKeyOf(query: LookupQuery): string {
  return `${query.created} ${keyOf(query)}`;
}
