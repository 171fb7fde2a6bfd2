/**
 * What every probe of a status goes through. It may cost hardly more than bare `node:http`, therefore:
 *
 * - nothing is rendered, hashed or joined per request but the age: bodies and header lists are made beforehand, at
 *   most once per snapshot and step of the age ladder;
 * - no `setHeader`, `ctx.set` or `ctx.body`, here or in front of it: one such call makes `writeHead` leave the short
 *   way on which it takes a flat list as it is. No copy of that list either;
 * - no router, no promise, no middleware: paths are found in a Map.
 *
 * It must never answer from a body whose time is over, however long the event loop stood still: each request asks the
 * clock. And it does nothing that the ordinary path does not do: routes lead to the same responders.
 */
import Koa from 'koa';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import { matchesETag } from './conditional.js';
import type { PreparedAnswer } from './prepared-answer.js';
import { hostIsPlain } from './request-target.js';
import { isRead } from './responder.js';
import type { Responder } from './responder.js';
import { codeFor, strictnessOf } from './strictness.js';

/** A responder from a prepared answer. `invalidate` makes the next request prepare it anew. */
export interface PreparedResponder {
  readonly respond: Responder;
  readonly invalidate: () => void;
}

/** @param prepare makes the answer that is right at `now` (monotonic ms) */
export function createPreparedResponder(
  prepare: (now: number) => PreparedAnswer,
  clock: Pick<Clock, 'now'>,
): PreparedResponder {
  let answer: PreparedAnswer | undefined;

  const respond = (req: IncomingMessage, res: ServerResponse): void => {
    const now = clock.now();
    if (answer === undefined || now >= answer.changesAt) answer = prepare(now);
    const code = codeFor(answer.strictStatus, strictnessOf(queryOf(req.url)));
    const condition = req.headers['if-none-match'];
    // Only in place of a 200: a 304 would hide from a monitor of codes that the component is down.
    const notModified = condition !== undefined && code === 200 && matchesETag(condition, answer.etag);
    const headers = notModified ? answer.notModifiedHeaders : answer.headers;
    if (answer.readAt !== undefined) headers[headers.length - 1] = ((now - answer.readAt) / 1000).toFixed(3);
    res.writeHead(notModified ? 304 : code, headers);
    res.end(notModified || req.method === 'HEAD' ? undefined : answer.body);
  };

  return {
    respond,
    invalidate() {
      answer = undefined;
    },
  };
}

/** Koa's own step between its context and the middleware. Its types leave it out; the ordinary path needs it too. */
type KoaWithHandleRequest = Koa & {
  handleRequest(ctx: Koa.Context, middleware: (ctx: Koa.Context) => Promise<void>): unknown;
};

export interface HotPathOptions {
  /** Exact path, without query, to its responder. */
  readonly hot: ReadonlyMap<string, Responder>;
  /** Answers instead of Koa: true when it did. */
  readonly refuse: (req: IncomingMessage, res: ServerResponse) => boolean;
  readonly fail: (error: unknown, req: IncomingMessage, res: ServerResponse) => void;
}

/** Koa with the hot paths in front of its middleware. */
export class HotPathKoa extends (Koa as unknown as new () => KoaWithHandleRequest) {
  readonly #options: HotPathOptions;

  constructor(options: HotPathOptions) {
    super();
    this.#options = options;
  }

  override handleRequest(ctx: Koa.Context, middleware: (ctx: Koa.Context) => Promise<void>): unknown {
    const { req, res } = ctx;
    const { hot, refuse, fail } = this.#options;
    try {
      const respond = hot.get(pathOf(req.url));
      if (respond !== undefined && isRead(req) && hostIsPlain(req)) return respond(req, res);
      if (refuse(req, res)) return undefined;
    } catch (error) {
      fail(error, req, res);
      return undefined;
    }
    return super.handleRequest(ctx, middleware);
  }
}

function pathOf(url = ''): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function queryOf(url = ''): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}
