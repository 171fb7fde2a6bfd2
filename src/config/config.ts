import type { Thresholds } from '../health/thresholds.js';

/** How a client proves who it is. File paths are read at each dial, so that rotated credentials are picked up. */
export type NatsAuth =
  | { readonly method: 'none' }
  | { readonly method: 'user'; readonly user: string; readonly password: string }
  | { readonly method: 'token'; readonly token: string }
  | { readonly method: 'creds'; readonly path: string }
  | { readonly method: 'nkey'; readonly path: string }
  /** `user_jwt` of a CLI context, with the seed file that signs for it when there is one. */
  | { readonly method: 'jwt'; readonly jwt: string; readonly nkeyPath: string | undefined };

export interface NatsTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** TLS before the server's first line (`handshake_first`). */
  readonly first: boolean;
}

export interface NatsConfig {
  /** `host:port`, without scheme and user information; never empty. */
  readonly servers: readonly string[];
  /** Present: the connection must be TLS, whatever the server offers. */
  readonly tls?: NatsTls;
  readonly auth: NatsAuth;
  /** At most one of the two. */
  readonly domain?: string;
  readonly apiPrefix?: string;
  /** Without trailing dot or wildcard. */
  readonly inboxPrefix: string;
}

export interface PollConfig {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly staleAfterMs: number;
  readonly deadAfterMs: number;
  readonly startGraceMs: number;
  readonly discoverEveryMs: number;
  /** Accepted rounds that must agree before the public status changes. */
  readonly confirm: { readonly worse: number; readonly better: number };
}

export interface ListenConfig {
  readonly host: string;
  /** 0 picks a free port on the public listener and turns the admin listener off. */
  readonly port: number;
}

/** One entry of a component's `consumers`. */
export interface ConsumerSelection {
  readonly stream: string;
  /** An exact name, which must exist; a glob (`*` and `?`) or undefined for all, of which one must exist. */
  readonly consumer: string | undefined;
  readonly expectPullers: 'always' | 'when_due';
  /** Undefined: the consumer's own ack wait. */
  readonly workWindowMs: number | undefined;
  /** Without live pullers this one alone makes the component down. */
  readonly critical: boolean;
}

/** Selects consumers by the component that their metadata names. */
export interface MetadataSelection {
  /** Where they are looked for: names and globs (`*` and `?`) of streams; never empty. */
  readonly streams: readonly string[];
}

export interface ComponentConfig {
  /** The path segment, `[a-z0-9-]+`. */
  readonly id: string;
  readonly name: string;
  /** Empty only where `discover` is set. */
  readonly consumers: readonly ConsumerSelection[];
  /** Every consumer whose metadata names the component belongs to it too; at least one must. Undefined: none does. */
  readonly discover: MetadataSelection | undefined;
  /** Only what the file says for this component; see `Config.defaultThresholds`. */
  readonly thresholds: Thresholds;
}

/** The whole configuration, resolved: no defaults left to apply, durations in ms, order of components as written. */
export interface Config {
  readonly nats: NatsConfig;
  readonly poll: PollConfig;
  readonly http: ListenConfig;
  readonly admin: ListenConfig;
  readonly log: { readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' };
  readonly history: { readonly keepMs: number };
  readonly page: { readonly title: string; readonly url: string | undefined };
  readonly defaultThresholds: Thresholds;
  readonly components: readonly ComponentConfig[];
}
