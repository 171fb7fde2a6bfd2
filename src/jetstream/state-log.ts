import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { ProblemKind } from '../health/consumer-reading.js';

export interface ConnectionNews {
  readonly connected: boolean;
  /** Why not. */
  readonly problem?: ProblemKind | undefined;
  /** Code of the client or the system: `ECONNREFUSED`, `AUTHORIZATION_VIOLATION`; never a message. */
  readonly code?: string | undefined;
}

const INTERVAL_MS = 1000;

/** Logs the state of the connection when it is another than was logged last, at most one line a second. */
export function createStateLog(
  log: Logger,
  clock: Clock,
): { note(news: ConnectionNews): void; stop(): void } {
  let logged: string | undefined;
  let openAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let newest: ConnectionNews | undefined;

  const write = (): void => {
    timer = undefined;
    if (newest === undefined || JSON.stringify(newest) === logged) return;
    logged = JSON.stringify(newest);
    openAt = clock.now() + INTERVAL_MS;
    const { connected, problem, code } = newest;
    if (connected) log.info({ event: 'nats_connected' }, 'connected to NATS');
    else log.warn({ event: 'nats_disconnected', problem, code }, 'not connected to NATS');
  };
  return {
    note(news) {
      newest = news;
      const wait = openAt - clock.now();
      if (wait <= 0) write();
      else timer ??= setTimeout(write, wait).unref();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
