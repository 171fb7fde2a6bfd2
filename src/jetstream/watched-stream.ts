import type { ConsumerId } from '../health/consumer-reading.js';

/** The consumers of one stream that rounds ask about. Made once per watch list, since every round needs it. */
export interface WatchedStream {
  readonly stream: string;
  readonly ids: readonly ConsumerId[];
  /** Name of a consumer to its place in `ids`. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** For each of `ids` its place among all consumers of the round. */
  readonly indices: readonly number[];
}

/** By name of the stream. */
export function watchedStreams(consumers: readonly ConsumerId[]): ReadonlyMap<string, WatchedStream> {
  const streams = new Map<string, { ids: ConsumerId[]; indices: number[] }>();
  consumers.forEach((id, index) => {
    const stream = streams.get(id.stream) ?? { ids: [], indices: [] };
    streams.set(id.stream, stream);
    stream.ids.push(id);
    stream.indices.push(index);
  });
  return new Map(
    Array.from(streams, ([stream, { ids, indices }]) => {
      const placeOf = new Map(ids.map(({ consumer }, place) => [consumer, place] as const));
      return [stream, { stream, ids, indices, placeOf }];
    }),
  );
}
