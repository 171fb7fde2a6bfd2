import type Koa from 'koa';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEMS, sendProblem } from './problems.js';

/** Turns anything thrown into the constant 500; its reason goes to the log alone. */
export function createFailure(
  logError: (error: unknown, message: string) => void,
): (error: unknown, req: IncomingMessage, res: ServerResponse) => void {
  return (error, req, res) => {
    logError(error, 'a request could not be answered');
    // Half an answer must not look like a whole one.
    if (res.headersSent) res.destroy();
    else sendProblem(req, res, PROBLEMS.internal);
  };
}

/**
 * The outermost middleware. Koa's own error handling must not be reached: it drops every header set so far and
 * prints the stack once per request.
 */
export function catchErrors(fail: ReturnType<typeof createFailure>): Koa.Middleware {
  return async (ctx, next) => {
    ctx.respond = false;
    try {
      await next();
    } catch (error) {
      fail(error, ctx.req, ctx.res);
    }
  };
}
