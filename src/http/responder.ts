import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers GET and HEAD of one resource and sends the whole answer itself. What it throws becomes a constant 500. */
export type Responder = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** Whether the request is one that a responder may answer. */
export function isRead(req: IncomingMessage): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}
