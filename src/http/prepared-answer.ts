import type { Status } from '../health/component-health.js';
import type { Snapshot, SnapshotState } from '../health/snapshot.js';
import { etagOf } from './etag.js';
import { bodyHeaders, EXPOSE_SNAPSHOT_HEADERS, PUBLIC_HEADERS } from './headers.js';

export interface AnswerContent {
  readonly body: string;
  /** Content-Type. */
  readonly type: string;
  /** What `?strict` judges; undefined where it means nothing. */
  readonly strictStatus: Status | undefined;
  readonly state: SnapshotState;
  /** The oldest snapshot behind the body; undefined as long as a component has none. */
  readonly oldest: Snapshot | undefined;
  /** Monotonic ms from which on the content must be made anew. */
  readonly changesAt: number;
  /** Further headers, flat. */
  readonly headers: readonly string[];
}

/** An answer made before anybody asks: all of it but the age. */
export interface PreparedAnswer {
  readonly body: string;
  readonly etag: string;
  readonly strictStatus: Status | undefined;
  /** Monotonic ms the age counts from; undefined: no age is told. */
  readonly readAt: number | undefined;
  readonly changesAt: number;
  /**
   * Flat headers with the body and in place of it. When there is a `readAt`, the last element is the value of
   * X-Snapshot-Age, which each request writes before it sends them.
   */
  readonly headers: string[];
  readonly notModifiedHeaders: string[];
}

export function prepareAnswer(content: AnswerContent): PreparedAnswer {
  const { body, type, strictStatus, state, oldest, changesAt } = content;
  const etag = etagOf(body);
  const common = [
    ...['X-Snapshot-State', state],
    ...content.headers,
    ...['ETag', etag],
    // Nothing lets a cache serve it longer: that would be a false `up` while the origin is dead.
    ...['Cache-Control', state === 'fresh' ? 'public, max-age=1' : 'no-store'],
    ...PUBLIC_HEADERS,
    ...EXPOSE_SNAPSHOT_HEADERS,
    ...(oldest === undefined
      ? []
      : ['X-Snapshot-Time', new Date(oldest.readTime).toISOString(), 'X-Snapshot-Age', '']),
  ];
  return {
    body,
    etag,
    strictStatus,
    readAt: oldest?.readAt,
    changesAt,
    headers: [...bodyHeaders(type, body), ...common],
    notModifiedHeaders: ['Content-Type', type, ...common],
  };
}
