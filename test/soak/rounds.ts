import type { RunningService } from '../support/service.js';

/** Looks at the number of rounds that have ended, and how long it stood still. */
export interface RoundWatch {
  rounds(): number;
  longestGapMs(): number;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 200;

export function watchRounds(service: RunningService): RoundWatch {
  let rounds = 0;
  let changedAt = performance.now();
  let longestGapMs = 0;

  const look = async (): Promise<void> => {
    const metrics = await (await fetch(`${service.adminUrl}/metrics`)).text();
    const ended = Number(
      /^jetstream_status_poll_duration_seconds_count(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1],
    );
    const now = performance.now();
    if (ended > rounds) {
      if (rounds > 0) longestGapMs = Math.max(longestGapMs, now - changedAt);
      rounds = ended;
      changedAt = now;
    }
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = look().catch(() => undefined);
  }, LOOK_EVERY_MS);
  return {
    rounds: () => rounds,
    longestGapMs: () => Math.max(longestGapMs, performance.now() - changedAt),
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
