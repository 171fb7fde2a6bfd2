import { connect, Events } from 'nats';
import type { NatsConnection } from 'nats';
import type { Clock } from '../clock.js';
import type { NatsConfig } from '../config/config.js';
import type { ProblemKind } from '../health/consumer-reading.js';
import type { Logger } from '../logger.js';
import { clientOptions, DIAL_TIMEOUT_MS } from './client-options.js';
import { readCredentials } from './credentials.js';
import { problemKindOf, ReadProblem } from './read-problem.js';
import { withoutSilentServers } from './silent-servers.js';
import { createStateLog } from './state-log.js';

export interface ConnectionState {
  readonly connected: boolean;
  /** Why there is no connection. */
  readonly problem: ProblemKind | undefined;
  /** How often a connection was made. */
  readonly connects: number;
  /** Monotonic ms of the last answer to a request, whatever it said; undefined before the first. */
  readonly lastAnswerAt: number | undefined;
}

/** One connection to NATS that is made anew for ever. */
export interface Connection {
  /** @throws ReadProblem at once while there is no connection, else after `timeoutMs` at the latest */
  request(subject: string, payload: string, timeoutMs: number): Promise<Uint8Array>;
  /** Hints only: what is sent while there is no connection is lost, and a missing permission is not told. */
  subscribe(subject: string, onMessage: (payload: Uint8Array) => void): void;
  state(): ConnectionState;
  /** Begins to dial; resolves when the first dial has ended, in whatever way. Never rejects: a server may come later. */
  start(): Promise<void>;
  close(): void;
}

export interface ConnectionDeps {
  readonly nats: NatsConfig;
  /** Poll interval, ms. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A connection that gave no answer for so long is replaced, whatever the client says of it. */
const SILENT_AFTER_INTERVALS = 4;
const SILENT_AFTER_MS = 20_000;
/** The client's own reconnects wait for the wall clock, which may have been set back. */
const RECONNECTS_FOR_MS = 5000;
const WATCHDOG_MS = 500;
const FIRST_PAUSE_MS = 500;
/** With the jitter below, a server that is back is found within two seconds, however long it was away. */
const LONGEST_PAUSE_MS = 1500;
/** Refused logins count against whoever sends them. */
const LONGEST_PAUSE_AFTER_REFUSAL_MS = 4000;
/** Codes of the client for refused or expired logins. */
const AUTH_CODE = /^(AUTHORIZATION_VIOLATION|AUTHENTICATION_|ACCOUNT_AUTHENTICATION_EXPIRED|BAD_)/;

/**
 * Dials, and dials anew whenever the connection is closed, silent, or its credentials are refused. The client library
 * is not trusted to say so: some of its failures raise no event, so only answers count.
 */
export function createConnection({ nats, everyMs, clock, log }: ConnectionDeps): Connection {
  const stateLog = createStateLog(log, clock);
  const subscriptions: { subject: string; onMessage: (payload: Uint8Array) => void }[] = [];
  const silentAfterMs = Math.max(SILENT_AFTER_INTERVALS * everyMs, SILENT_AFTER_MS);
  let current: NatsConnection | undefined;
  let connected = false;
  let problem: ProblemKind | undefined = 'disconnected';
  let connects = 0;
  /** Of an answer, or of the moment the present connection was made. */
  let aliveAt = clock.now();
  let lastAnswerAt: number | undefined;
  let disconnectedAt = clock.now();
  let stopped = false;
  let wake = (): void => undefined;
  let firstDialEnded = (): void => undefined;

  const isConnected = (): boolean => connected;
  const isStopped = (): boolean => stopped;

  const lost = (why: ProblemKind, code?: string): void => {
    if (connected) disconnectedAt = clock.now();
    connected = false;
    problem = why;
    if (!stopped) stateLog.note({ connected: false, problem: why, code });
  };
  const found = (): void => {
    connected = true;
    problem = undefined;
    connects += 1;
    aliveAt = clock.now();
    stateLog.note({ connected: true });
  };

  async function dialForEver(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!isStopped()) {
      const connection = await dial();
      if (connection === undefined) firstDialEnded();
      if (connection !== undefined && !isStopped()) {
        pauseMs = FIRST_PAUSE_MS;
        await lifeOf(connection);
      }
      void connection?.close();
      if (isStopped()) return;
      await pause(Math.min(longestPauseMs(), pauseMs) * (0.75 + Math.random() / 2));
      pauseMs = Math.min(longestPauseMs(), pauseMs * 2);
    }
  }

  const longestPauseMs = (): number =>
    problem === 'auth' ? LONGEST_PAUSE_AFTER_REFUSAL_MS : LONGEST_PAUSE_MS;

  async function dial(): Promise<NatsConnection | undefined> {
    try {
      const servers = await withoutSilentServers(nats, DIAL_TIMEOUT_MS);
      if (servers.length === 0) throw new ReadProblem('timeout');
      const options = clientOptions({ ...nats, servers }, await readCredentials(nats.auth));
      return await settledWithin(connect(options), (nats.servers.length + 1) * DIAL_TIMEOUT_MS);
    } catch (error) {
      log.debug({ event: 'dial_failed', err: error }, 'dialling NATS failed');
      lost(problemKindOf(error) === 'auth' ? 'auth' : 'disconnected', codeOf(error));
      return undefined;
    }
  }

  /** Settles when the connection is over or no longer to be trusted. */
  async function lifeOf(connection: NatsConnection): Promise<void> {
    current = connection;
    found();
    firstDialEnded();
    for (const { subject, onMessage } of subscriptions) listen(connection, subject, onMessage);
    let giveUp = (): void => undefined;
    const givenUp = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    void followEvents(connection, giveUp).catch((error: unknown) => {
      log.debug({ event: 'nats_events_ended', err: error }, 'the events of the connection ended');
    });
    const watchdog = setInterval(() => {
      const now = clock.now();
      const isSilent = now - aliveAt > silentAfterMs;
      const isAway = !isConnected() && now - disconnectedAt > RECONNECTS_FOR_MS;
      if (isSilent || isAway) giveUp();
    }, WATCHDOG_MS);
    wake = giveUp;
    await Promise.race([connection.closed(), givenUp]);
    clearInterval(watchdog);
    current = undefined;
    if (isConnected()) lost('disconnected');
  }

  async function followEvents(connection: NatsConnection, giveUp: () => void): Promise<void> {
    for await (const { type, data } of connection.status()) {
      if (connection !== current) return;
      if (type === Events.Disconnect) lost('disconnected');
      // Fires many times at once after refused logins.
      else if (type === Events.Reconnect && !isConnected()) found();
      else if (type === Events.Error && typeof data === 'string' && AUTH_CODE.test(data)) {
        lost('auth', data);
        // With the credentials as they are now.
        giveUp();
      }
    }
  }

  function listen(
    connection: NatsConnection,
    subject: string,
    onMessage: (payload: Uint8Array) => void,
  ): void {
    connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) onMessage(message.data);
      },
    });
  }

  /** Ends early when the connection is closed for good. */
  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    async request(subject, payload, timeoutMs) {
      if (current === undefined || !connected) throw new ReadProblem(problem ?? 'disconnected');
      const connection = current;
      try {
        const answer = await connection.request(subject, payload, { timeout: Math.max(1, timeoutMs) });
        lastAnswerAt = aliveAt = clock.now();
        return answer.data;
      } catch (error) {
        const kind = problemKindOf(error);
        // No responders is the server's own answer.
        if (kind === 'jetstream_off') lastAnswerAt = aliveAt = clock.now();
        throw new ReadProblem(kind, error);
      }
    },
    subscribe(subject, onMessage) {
      subscriptions.push({ subject, onMessage });
      if (current !== undefined) listen(current, subject, onMessage);
    },
    state: () => ({ connected, problem, connects, lastAnswerAt }),
    async start() {
      await new Promise<void>((resolve) => {
        firstDialEnded = resolve;
        void dialForEver().catch((error: unknown) => {
          log.fatal({ event: 'nats_dialling_ended', err: error }, 'dialling NATS ended');
        });
      });
    },
    close() {
      stopped = true;
      stateLog.stop();
      wake();
      // Neither drain nor flush: on a server that hangs they never settle.
      void current?.close();
    },
  };
}

/** @throws ReadProblem when time is up; a connection that comes later is closed */
async function settledWithin(dialling: Promise<NatsConnection>, ms: number): Promise<NatsConnection> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  const connection = await Promise.race([dialling, late]).finally(() => {
    clearTimeout(timer);
  });
  if (connection !== undefined) return connection;
  dialling.then(
    (tooLate) => tooLate.close(),
    () => undefined,
  );
  throw new ReadProblem('timeout');
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
