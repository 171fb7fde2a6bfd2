import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Route } from '../app.js';
import { matchesETag } from '../conditional.js';
import { bodyHeaders, PRIVATE_HEADERS } from '../headers.js';

const FILES = [
  { name: 'page.css', type: 'text/css; charset=utf-8' },
  { name: 'page.js', type: 'text/javascript; charset=utf-8' },
] as const;

/** The style sheet and the script of the page, as they are. */
export function pageFileRoutes(): Route[] {
  return FILES.map(({ name, type }) => fileRoute(name, type));
}

function fileRoute(name: string, type: string): Route {
  const body = readFileSync(new URL(`../../render/${name}`, import.meta.url), 'utf8');
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  // Kept and always asked about: after an upgrade no page meets the files of another version.
  const common = ['ETag', etag, 'Cache-Control', 'no-cache', ...PRIVATE_HEADERS];
  const headers = [...bodyHeaders(type, body), ...common];
  return {
    path: `/${name}`,
    find: () => (req, res) => {
      const condition = req.headers['if-none-match'];
      const notModified = condition !== undefined && matchesETag(condition, etag);
      res.writeHead(notModified ? 304 : 200, notModified ? common : headers);
      res.end(notModified || req.method === 'HEAD' ? undefined : body);
    },
  };
}
