/**
 * Whether an `If-None-Match` header names the entity tag, by the weak comparison of RFC 9110 section 13.1.2.
 *
 * Koa's `fresh` is no use here: it answers no as soon as the request carries `Cache-Control: no-cache`, which fetch()
 * adds by itself to every conditional request.
 *
 * @param etag with its quotes, and without a comma in it
 */
export function matchesETag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag) return true;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((item) => {
    const tag = item.trim();
    return (tag.startsWith('W/') ? tag.slice(2) : tag) === etag;
  });
}
