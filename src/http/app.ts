import Router from '@koa/router';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Operation } from '../render/openapi.js';
import { OPTIONS_ANSWER, sendConstant } from './constant-answer.js';
import { catchErrors, createFailure } from './errors.js';
import { HotPathKoa } from './hot-path.js';
import { createLimitedLog } from './limited-log.js';
import { PROBLEMS, sendProblem } from './problems.js';
import { hostIsPlain, isPlainPath, originForm } from './request-target.js';
import { isRead } from './responder.js';
import type { Responder } from './responder.js';

/** One kind of resource. GET and HEAD are its responder's, all other methods are answered for it. */
export interface Route {
  /** A path-to-regexp pattern; case and trailing slashes count. */
  readonly path: string;
  /** For the description of the API; absent for what nobody but ourselves asks for. */
  readonly operation?: Operation;
  /** The responder for what stands in the path; undefined: there is no such resource, 404 with any method. */
  readonly find: (params: Readonly<Record<string, string>>) => Responder | undefined;
}

export interface AppOptions {
  readonly routes: readonly Route[];
  /** Paths that are answered before any routing. Each of them must be among the routes as well. */
  readonly hot: ReadonlyMap<string, Responder>;
  readonly log: Pick<Logger, 'error'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What both listeners share: hardening, routing, methods and errors around a table of routes. Does not listen. */
export function createApp({ routes, hot, log, clock }: AppOptions): RequestListener {
  const fail = createFailure(createLimitedLog(log, clock));
  const app = new HotPathKoa({ hot, refuse, fail });
  // All that still gets there is a connection that broke while it was answered.
  app.on('error', () => undefined);
  app.use(catchErrors(fail));
  app.use(createRouter(routes).routes());
  app.use(({ req, res }) => {
    sendProblem(req, res, PROBLEMS.notFound);
  });
  const handle = app.callback();
  return (req, res) => {
    void handle(req, res);
  };
}

/** Answers what Koa and the router shall not see; what passes has a plain path as its target. */
function refuse(req: IncomingMessage, res: ServerResponse): boolean {
  const target = originForm(req.url ?? '');
  if (!hostIsPlain(req)) sendProblem(req, res, PROBLEMS.malformed);
  else if (req.url === '*' && req.method === 'OPTIONS') sendConstant(req, res, OPTIONS_ANSWER);
  else if (target === undefined) sendProblem(req, res, PROBLEMS.malformed);
  else if (!isPlainPath(target)) sendProblem(req, res, PROBLEMS.notFound);
  else {
    req.url = target;
    return false;
  }
  return true;
}

function createRouter(routes: readonly Route[]): Router {
  const router = new Router({ strict: true, sensitive: true });
  for (const { path, find } of routes) {
    router.all(path, async ({ req, res, params }) => {
      const respond = find(params);
      if (respond === undefined) sendProblem(req, res, PROBLEMS.notFound);
      else if (isRead(req)) await respond(req, res);
      else if (req.method === 'OPTIONS') sendConstant(req, res, OPTIONS_ANSWER);
      else sendProblem(req, res, PROBLEMS.methodNotAllowed);
    });
  }
  return router;
}
