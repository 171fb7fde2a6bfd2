import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';

const INTERVAL_MS = 1000;

/**
 * Logs errors, at most one line a second whoever provokes them. The next line says how many were left out.
 */
export function createLimitedLog(
  log: Pick<Logger, 'error'>,
  clock: Pick<Clock, 'now'>,
): (error: unknown, message: string) => void {
  let openAt = -Infinity;
  let leftOut = 0;
  return (error, message) => {
    const now = clock.now();
    if (now < openAt) {
      leftOut += 1;
      return;
    }
    log.error({ err: error, ...(leftOut === 0 ? {} : { left_out: leftOut }) }, message);
    openAt = now + INTERVAL_MS;
    leftOut = 0;
  };
}
