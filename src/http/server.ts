import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { ListenConfig } from '../config/config.js';
import type { Logger } from '../logger.js';
import { answerClientErrors } from './client-errors.js';
import type { Rejections } from './client-errors.js';
import { readFileDescriptorLimit } from './file-descriptor-limit.js';
import { createLimitedLog } from './limited-log.js';
import { hostAndPort, ListenError } from './listen-error.js';

export interface HttpServer {
  /** With the port that was really opened, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Requests refused by the parser since the start. */
  readonly rejections: Rejections;
  /** Gives all requests from now on to another handler. */
  readonly use: (handler: RequestListener) => void;
  /**
   * Stops listening, closes idle connections, lets open requests end and cuts off what is left after 4 s. Every answer
   * from this call on says `Connection: close`. Never rejects; the same promise however often it is called.
   */
  close(): Promise<void>;
}

export interface HttpServerDeps {
  readonly log: Pick<Logger, 'error'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Files that are open beside the connections: NATS, logs, the runtime's own. */
const RESERVED_FILE_DESCRIPTORS = 64;
const SWEEP_MS = 100;
const CUT_OFF_MS = 4000;

/** Opens a listener. @throws ListenError */
export async function startHttpServer(
  listen: ListenConfig,
  firstHandler: RequestListener,
  { log, clock }: HttpServerDeps,
): Promise<HttpServer> {
  let handler = firstHandler;
  let closing: Promise<void> | undefined;

  const server = createHardenedServer();
  const rejections = answerClientErrors(server);
  /** Only those that are not answered within the call of their handler; most are, and cost nothing here. */
  const inFlight = new Set<ServerResponse>();
  server.on('request', (req, res) => {
    if (closing !== undefined) res.shouldKeepAlive = false;
    handler(req, res);
    if (res.headersSent) return;
    inFlight.add(res);
    res.once('close', () => inFlight.delete(res));
  });
  const { port } = await open(server, listen);
  // From here on an error is one connection that could not be accepted; without a listener it ends the process.
  const logError = createLimitedLog(log, clock);
  server.on('error', (error) => {
    logError(error, 'a connection could not be accepted');
  });

  return {
    url: `http://${hostAndPort(listen.host, port)}`,
    port,
    rejections,
    use(next) {
      handler = next;
    },
    close() {
      for (const res of inFlight) res.shouldKeepAlive = false;
      return (closing ??= closeGracefully(server));
    },
  };
}

function createHardenedServer(): Server {
  const server = createServer({
    headersTimeout: 5000,
    requestTimeout: 10_000,
    // Without it the two above are looked at every 30 s only.
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 8192,
    // Longer than load balancers keep an idle connection, so that it is they who end it.
    keepAliveTimeout: 65_000,
    // The app refuses a missing Host like a double one; Node's own answer would have no body and no headers.
    requireHostHeader: false,
  });
  server.timeout = 30_000;
  server.maxHeadersCount = 64;
  server.maxRequestsPerSocket = 1000;
  const limit = readFileDescriptorLimit();
  if (limit !== undefined) server.maxConnections = Math.max(1, limit - RESERVED_FILE_DESCRIPTORS);
  return server;
}

async function open(server: Server, listen: ListenConfig): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const refused = (error: Error): void => {
      reject(new ListenError(listen, error));
    };
    server.once('error', refused);
    server.listen(listen.port, listen.host, () => {
      server.off('error', refused);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

async function closeGracefully(server: Server): Promise<void> {
  // Requests that have arrived but were not read yet sit on connections that pass for idle: one whole turn of the
  // event loop reads them. The rest of the present turn is no whole one.
  await nextTurn();
  await nextTurn();
  const closed = new Promise<void>((resolve) => {
    // Closes the idle connections too.
    server.close(() => {
      resolve();
    });
  });
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, SWEEP_MS);
  const cutOff = setTimeout(() => {
    server.closeAllConnections();
  }, CUT_OFF_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cutOff);
}
