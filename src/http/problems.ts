import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConstantAnswer } from './constant-answer.js';
import { sendConstant } from './constant-answer.js';
import { ALLOW, bodyHeaders, NO_STORE, PUBLIC_HEADERS } from './headers.js';
import { isRead } from './responder.js';

/** Every error this service can answer with (RFC 9457). The texts are constants: nothing of a request is in them. */
export const PROBLEMS = {
  malformed: problem(400, 'The request cannot be understood.'),
  notFound: problem(404, 'There is nothing at this path.'),
  methodNotAllowed: problem(405, 'Only GET, HEAD and OPTIONS are possible here.', ALLOW),
  timeout: problem(408, 'The request did not arrive in time.'),
  bodyTooLarge: problem(413, 'The request is too large.'),
  expectation: problem(417, 'The expectation in the request cannot be met.'),
  headersTooLarge: problem(431, 'The request line and the headers are too large.'),
  noMoreStreams: problem(503, 'No further stream can be opened now.', ['Retry-After', '5']),
  internal: problem(500, 'The request could not be answered.'),
} as const satisfies Record<string, ConstantAnswer>;

function problem(code: number, detail: string, headers: readonly string[] = []): ConstantAnswer {
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[code], status: code, detail });
  return {
    code,
    headers: [...bodyHeaders('application/problem+json', body), ...NO_STORE, ...PUBLIC_HEADERS, ...headers],
    body,
  };
}

/**
 * Sends a problem, and closes the connection except after a read of something that is not there: any other refused
 * request may have a body under way that nobody is going to read, or shows that its sender's framing is not ours.
 */
export function sendProblem(req: IncomingMessage, res: ServerResponse, answer: ConstantAnswer): void {
  if (answer !== PROBLEMS.notFound || !isRead(req)) res.shouldKeepAlive = false;
  sendConstant(req, res, answer);
}
