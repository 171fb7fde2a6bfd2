import { createHash } from 'node:crypto';

/** A strong entity tag, from the body alone, so that only another content is another tag. */
export function etagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}
