import type { IncomingMessage, ServerResponse } from 'node:http';
import { ALLOW, bodyHeaders, JSON_TYPE, NO_STORE, PUBLIC_HEADERS } from './headers.js';

/** An answer that is the same for every request. */
export interface ConstantAnswer {
  readonly code: number;
  readonly headers: string[];
  readonly body: string;
}

/** A small JSON answer that no cache may keep. */
export function constantJson(code: number, value: unknown): ConstantAnswer {
  const body = JSON.stringify(value);
  return { code, headers: [...bodyHeaders(JSON_TYPE, body), ...NO_STORE, ...PUBLIC_HEADERS], body };
}

/** What OPTIONS says about every resource, also to the preflight request of a browser. */
export const OPTIONS_ANSWER: ConstantAnswer = {
  code: 204,
  headers: [
    ...ALLOW,
    ...['Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS'],
    ...['Access-Control-Allow-Headers', '*'],
    ...['Access-Control-Max-Age', '86400'],
    ...PUBLIC_HEADERS,
  ],
  body: '',
};

export function sendConstant(req: IncomingMessage, res: ServerResponse, answer: ConstantAnswer): void {
  res.writeHead(answer.code, answer.headers);
  res.end(req.method === 'HEAD' ? undefined : answer.body);
}
