import type { NatsBinary } from '../support/nats-binary.js';
import type { Moment, Row, Scene, Times } from './row.js';

/** How one playing of a row went. */
export interface Outcome {
  readonly row: Row;
  readonly afterAnother: boolean;
  readonly version: string;
  /** Why it could not be played. */
  readonly skipped: string | undefined;
  readonly error: Error | undefined;
  /** Seen in ms; the longest where several components were looked at. */
  readonly moments: ReadonlyMap<Moment, number>;
}

export interface PlayOptions {
  readonly binary: NatsBinary;
  readonly binaries: readonly NatsBinary[];
  readonly times: Times;
  readonly afterAnother?: boolean;
  readonly program?: string;
}

/** Plays a row and ends whatever it started. Never rejects. */
export async function playRow(
  row: Row,
  { binary, binaries, times, afterAnother = false, program }: PlayOptions,
): Promise<Outcome> {
  const owned: { stop(): Promise<unknown> }[] = [];
  const moments = new Map<Moment, number>();
  const scene: Scene = {
    ...{ binary, binaries, times, afterAnother, program },
    own(thing) {
      owned.push(thing);
      return thing;
    },
    saw(moment, ms) {
      moments.set(moment, Math.max(ms, moments.get(moment) ?? 0));
    },
  };
  const skipped = row.obstacle?.(scene);
  const errors: Error[] = [];
  const keep = (error: unknown): void => {
    errors.push(error instanceof Error ? error : new Error(String(error)));
  };
  if (skipped === undefined) await row.play(scene).catch(keep);
  for (const thing of owned.reverse()) await thing.stop().catch(keep);
  return { row, afterAnother, version: binary.version, skipped, error: errors[0], moments };
}

/** Runs `play` over all items, so many at once, in their order. */
export async function atOnce<T, R>(
  items: readonly T[],
  {
    limit,
    play,
    signal,
  }: {
    readonly limit: number;
    readonly play: (item: T) => Promise<R>;
    /** Begins no more of them. */
    readonly signal?: AbortSignal;
  },
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && signal?.aborted !== true) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) results[index] = await play(item);
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
