import type { IncomingMessage } from 'node:http';

/**
 * Whether the request has the one Host header that HTTP/1.1 wants (HTTP/1.0 may leave it out). Two of them are
 * refused: whoever stands in front may have believed the other one. Its value is never looked at.
 */
export function hostIsPlain({ rawHeaders, httpVersionMinor }: IncomingMessage): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersionMinor === 0);
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/**
 * The request target as path and query; undefined when it is malformed. An absolute form (RFC 9112 section 3.2.2)
 * loses its host, which is never used; Koa would answer 500 to one that does not parse.
 */
export function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return target;
  const origin = ABSOLUTE_FORM.exec(target)?.[0];
  if (origin === undefined || !URL.canParse(target)) return undefined;
  const rest = target.slice(origin.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Non-empty segments of plain characters, no slash at the end. */
const PLAIN_PATH = /^\/(?:[\w.-]+(?:\/[\w.-]+)*)?$/;

/**
 * Whether anything could be at the path of this target. No path of ours needs an escape, so none is ever decoded:
 * `%69nfra` is not `infra`.
 */
export function isPlainPath(target: string): boolean {
  return PLAIN_PATH.test(target.split('?', 1)[0] ?? '');
}
