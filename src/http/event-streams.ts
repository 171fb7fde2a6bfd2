import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFileDescriptorLimit } from './file-descriptor-limit.js';
import { EVENT_STREAM_TYPE, NO_STORE, PUBLIC_HEADERS } from './headers.js';
import { PROBLEMS, sendProblem } from './problems.js';

/** Open answers of server-sent events. Every one of them gets the same. */
export interface EventStreams {
  /**
   * Answers with a stream that begins with `first`, or with a problem when there are too many or it is over.
   *
   * @param first what the stream begins with; asked for only when it is needed
   */
  open(req: IncomingMessage, res: ServerResponse, first: () => string): void;
  /** To all; whoever does not read loses the stream and may come again. */
  send(text: string): void;
  /** How many are open. */
  count(): number;
  /** Ends those that are open; others may follow. */
  endAll(): void;
  /** Ends those that are open, and none is opened from now on. */
  close(): void;
}

export interface EventStreamsOptions {
  /** At most so many at once: they must not take all connections from the probes. */
  readonly maxStreams: number;
  /** Something must be sent before proxies and our own server take the silence for the end. */
  readonly commentEveryMs?: number;
}

const MOST_STREAMS = 1000;
/** Half of what the server's own timeout for silent sockets allows. */
const COMMENT_EVERY_MS = 15_000;
/** What a stream may leave unread, beside its beginning. */
const MOST_UNREAD_BYTES = 64 * 1024;

const HEADERS = [
  'Content-Type',
  EVENT_STREAM_TYPE,
  ...NO_STORE,
  'X-Accel-Buffering',
  'no',
  ...PUBLIC_HEADERS,
];

/** How many streams this process can hold and still have half of its sockets for everybody else. */
export function mostEventStreams(): number {
  return Math.min(MOST_STREAMS, Math.floor((readFileDescriptorLimit() ?? Infinity) / 2));
}

export function createEventStreams({
  maxStreams,
  commentEveryMs = COMMENT_EVERY_MS,
}: EventStreamsOptions): EventStreams {
  /** With the number of bytes that each may leave unread. */
  const streams = new Map<ServerResponse, number>();
  let comments: NodeJS.Timeout | undefined;
  let isClosed = false;

  const forget = (res: ServerResponse): void => {
    streams.delete(res);
    if (streams.size > 0) return;
    clearInterval(comments);
    comments = undefined;
  };
  const send = (text: string): void => {
    const bytes = Buffer.from(text);
    for (const [res, mostUnread] of streams) {
      if (res.writableLength <= mostUnread) {
        res.write(bytes);
      } else {
        forget(res);
        res.destroy();
      }
    }
  };
  const endAll = (): void => {
    for (const res of [...streams.keys()]) {
      forget(res);
      res.end();
    }
  };

  return {
    open(req, res, first) {
      if (isClosed || streams.size >= maxStreams) {
        sendProblem(req, res, PROBLEMS.noMoreStreams);
        return;
      }
      res.writeHead(200, HEADERS);
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      const beginning = Buffer.from(first());
      // An error of a connection that broke is told by its end as well.
      res.on('error', () => undefined);
      res.once('close', () => {
        forget(res);
      });
      streams.set(res, MOST_UNREAD_BYTES + beginning.byteLength);
      res.write(beginning);
      comments ??= setInterval(() => {
        send(':\n\n');
      }, commentEveryMs).unref();
    },
    send,
    count: () => streams.size,
    endAll,
    close() {
      isClosed = true;
      endAll();
    },
  };
}
