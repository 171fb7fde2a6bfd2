import type { ListenConfig } from '../config/config.js';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'the port is already in use'],
  ['EACCES', 'this user may not use the port'],
  ['EADDRNOTAVAIL', 'this machine does not have the address'],
  ['ENOTFOUND', 'the host name is unknown'],
]);

/** A listener could not be opened. The message names host and port. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor({ host, port }: ListenConfig, cause: NodeJS.ErrnoException) {
    const reason = REASONS.get(cause.code ?? '') ?? cause.message;
    super(`cannot listen on ${hostAndPort(host, port)}: ${reason}`, { cause });
  }
}

/** As they stand in a URL. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}
