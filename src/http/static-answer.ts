import { matchesETag } from './conditional.js';
import { etagOf } from './etag.js';
import { bodyHeaders, PUBLIC_HEADERS } from './headers.js';
import type { Responder } from './responder.js';

/** An answer that stays the same until the next reload: caches may keep it, and have to ask whether it is still it. */
export function createStaticResponder(type: string, render: () => string): Responder {
  let answer: { readonly etag: string; readonly body: string } | undefined;
  return (req, res) => {
    if (answer === undefined) {
      const body = render();
      answer = { body, etag: etagOf(body) };
    }
    const { body, etag } = answer;
    const headers = ['ETag', etag, 'Cache-Control', 'no-cache', ...PUBLIC_HEADERS];
    const condition = req.headers['if-none-match'];
    if (condition !== undefined && matchesETag(condition, etag)) {
      res.writeHead(304, ['Content-Type', type, ...headers]);
      res.end();
      return;
    }
    res.writeHead(200, [...bodyHeaders(type, body), ...headers]);
    res.end(req.method === 'HEAD' ? undefined : body);
  };
}
