import { isIPv6 } from 'node:net';
import type { NatsAuth } from './config.js';

const DEFAULT_PORT = 4222;
const MAX_PORT = 65_535;

/** What a comma-separated list of server URLs says. */
export interface NatsUrls {
  /** `host:port`, IPv6 addresses in brackets; never empty. */
  readonly servers: readonly string[];
  /** One of them is `tls://`: no connection without TLS. */
  readonly tls: boolean;
  /** From `user:password@` or `token@`; undefined when no URL carries any. */
  readonly auth: Extract<NatsAuth, { method: 'user' | 'token' }> | undefined;
}

/** Why a list is refused; the reasons quote nothing of it, since it may hold a password. */
export class NatsUrlError extends Error {
  override readonly name = 'NatsUrlError';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('; '));
    this.reasons = reasons;
  }
}

interface Entry {
  readonly server: string;
  readonly tls: boolean;
  readonly auth: NatsUrls['auth'];
}

/**
 * The client library ignores user information, connects without TLS to a `tls://` server that has none, and takes an
 * empty list for the local server; so all of it is read here.
 *
 * @param list `nats://`, `tls://` or no scheme; port 4222 when there is none
 * @throws NatsUrlError
 */
export function parseNatsUrls(list: string): NatsUrls {
  const texts = list.split(',').map((text) => text.trim());
  const reasons: string[] = [];
  const entries: Entry[] = [];
  texts.forEach((text, index) => {
    const entry = parseEntry(text);
    if (typeof entry !== 'string') entries.push(entry);
    else reasons.push(texts.length === 1 ? entry : `entry ${String(index + 1)} of the list ${entry}`);
  });
  const credentials = new Map(entries.flatMap(({ auth }) => (auth ? [[JSON.stringify(auth), auth]] : [])));
  if (credentials.size > 1) {
    reasons.push('must not carry different users or tokens in one list; a connection has one identity');
  }
  if (reasons.length > 0) throw new NatsUrlError(reasons);
  return {
    servers: entries.map(({ server }) => server),
    tls: entries.some(({ tls }) => tls),
    auth: [...credentials.values()][0],
  };
}

/** @returns the reason when it is refused */
function parseEntry(text: string): Entry | string {
  if (text === '') return 'must not be empty; expected nats://host:port or tls://host:port';
  const [, scheme = 'nats', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? [];
  const name = scheme.toLowerCase();
  if (name === 'ws' || name === 'wss') {
    return `must be nats:// or tls://; WebSocket (${name}://) is not supported`;
  }
  if (name !== 'nats' && name !== 'tls') return 'must begin with nats:// or tls://';
  // The last one, so that a password with a bare @ still ends where its author thinks.
  const at = rest.lastIndexOf('@');
  const auth = at === -1 ? undefined : parseUserInfo(rest.slice(0, at));
  if (typeof auth === 'string') return auth;
  const server = parseServer(rest.slice(at + 1));
  return typeof server === 'string' ? server : { server: server.hostAndPort, tls: name === 'tls', auth };
}

function parseUserInfo(text: string): NonNullable<NatsUrls['auth']> | string {
  const colon = text.indexOf(':');
  try {
    if (colon === -1) {
      const token = decodeURIComponent(text);
      return token === '' ? 'must have a user or a token before the @' : { method: 'token', token };
    }
    const user = decodeURIComponent(text.slice(0, colon));
    const password = decodeURIComponent(text.slice(colon + 1));
    return user === '' ? 'must have a user before the colon' : { method: 'user', user, password };
  } catch {
    return 'has a bad percent escape in its user information (a literal % is written %25)';
  }
}

function parseServer(text: string): { hostAndPort: string } | string {
  const authority = text.endsWith('/') ? text.slice(0, -1) : text;
  if (isIPv6(authority)) return 'must have its IPv6 address in brackets, as in nats://[::1]:4222';
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority) ?? [];
  if (host === undefined || !isHost(host) || /[/?#]/.test(authority)) {
    return 'must be a host and a port, as in nats://host:4222, without path or query';
  }
  const number = port === undefined ? DEFAULT_PORT : Number(/^\d{1,5}$/.exec(port)?.[0] ?? NaN);
  if (!(number >= 1 && number <= MAX_PORT)) {
    return `must have a port from 1 to ${String(MAX_PORT)} (or none for ${String(DEFAULT_PORT)})`;
  }
  return { hostAndPort: `${host}:${String(number)}` };
}

function isHost(host: string): boolean {
  return host.startsWith('[') ? isIPv6(host.slice(1, -1)) : /^[a-z0-9._-]+$/i.test(host);
}
