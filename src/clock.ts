/**
 * The only file that asks for the time.
 *
 * Ages, deadlines and watchdogs count on `now()`, which no change of the system's clock can move. `wall()` is for
 * what people read (`X-Snapshot-Time`, history, logs) and follows the system's clock.
 */
export interface Clock {
  /** Milliseconds on a monotonic clock with an arbitrary start. */
  now(): number;
  /** Milliseconds since the epoch, as the system's clock says at this moment. */
  wall(): number;
  /** Milliseconds since the epoch, counted monotonically from the start of the process: later jumps do not show. */
  steadyWall(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  steadyWall: () => performance.timeOrigin + performance.now(),
};
