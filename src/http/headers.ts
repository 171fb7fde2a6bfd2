/** Header lists are flat (name, value, name, value): the form that `writeHead` sends without copying. */

export const SECURITY_HEADERS = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Referrer-Policy', 'no-referrer'],
].flat();

/** For everything public: any page may read it. Never with credentials. */
export const PUBLIC_HEADERS = [
  ...SECURITY_HEADERS,
  ['Cross-Origin-Resource-Policy', 'cross-origin'],
  ['Access-Control-Allow-Origin', '*'],
].flat();

/** For answers that name streams and consumers: no other site may read them through an operator's browser. */
export const PRIVATE_HEADERS = [...SECURITY_HEADERS, 'Cross-Origin-Resource-Policy', 'same-origin'];

export const EXPOSE_SNAPSHOT_HEADERS = [
  'Access-Control-Expose-Headers',
  'X-Snapshot-Age, X-Snapshot-Time, X-Snapshot-State, X-Component-Status, ETag',
];

export const NO_STORE = ['Cache-Control', 'no-store'];

export const ALLOW = ['Allow', 'GET, HEAD, OPTIONS'];

export const JSON_TYPE = 'application/json; charset=utf-8';
export const EVENT_STREAM_TYPE = 'text/event-stream';
export const SVG_TYPE = 'image/svg+xml; charset=utf-8';

/** Content-Type and Content-Length of a body. */
export function bodyHeaders(type: string, body: string): string[] {
  return ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))];
}
