import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from '../support/pace.js';
import type { RunningService, StatusAnswer } from '../support/service.js';

/** One public answer; moments in monotonic ms. */
export interface Sample extends StatusAnswer {
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Looks at the public answers all the time, as a monitor does, and forgets nothing. */
export interface Watch {
  samples(component: string): readonly Sample[];
  /** Waits for an answer asked for after `since` that fits. @throws when there is none in time, with the last one */
  until(
    component: string,
    fits: (sample: Sample) => boolean,
    options: { readonly since: number; readonly withinMs: number },
  ): Promise<Sample>;
  /** Answers of the probes that were not 200, and requests that were not answered at all. */
  probeFailures(): readonly string[];
  /** Of all requests so far, ms. */
  slowestMs(): number;
  /** How late our own timers were at most: a busy machine slows everybody. */
  ownLagMs(): number;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 100;
const TICK_MS = 20;

export function startWatch(service: RunningService, components: readonly string[]): Watch {
  const samples = new Map<string, Sample[]>(components.map((id) => [id, []]));
  const failures: string[] = [];
  let slowestMs = 0;
  let wasReady = false;
  let ownLagMs = 0;
  let tickedAt = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    ownLagMs = Math.max(ownLagMs, now - tickedAt - TICK_MS);
    tickedAt = now;
  }, TICK_MS);
  let stopped = false;
  const isStopped = (): boolean => stopped;

  const timed = async <T>(
    ask: () => Promise<T>,
  ): Promise<{ answer: T; askedAt: number; answeredAt: number }> => {
    const askedAt = performance.now();
    const answer = await ask();
    const answeredAt = performance.now();
    slowestMs = Math.max(slowestMs, answeredAt - askedAt);
    return { answer, askedAt, answeredAt };
  };
  const fail = (what: string): void => {
    if (!stopped && failures.length < 20) failures.push(what);
  };
  async function probe(path: string): Promise<void> {
    const { answer } = await timed(() =>
      fetch(`${service.url}${path}`, { signal: AbortSignal.timeout(paced(30_000)) }),
    );
    await answer.arrayBuffer();
    const isEarly = path === '/readyz' && !wasReady && answer.status === 503;
    if (path === '/readyz' && answer.status === 200) wasReady = true;
    if (answer.status !== 200 && !isEarly) fail(`${path} ${String(answer.status)}`);
  }
  async function look(): Promise<void> {
    for (const id of components) {
      const { answer, ...moments } = await timed(() => service.status(id));
      if (answer.code !== 200) fail(`status ${String(answer.code)}`);
      samples.get(id)?.push({ ...answer, ...moments });
    }
    await probe('/livez');
    await probe('/readyz');
  }
  const looking = (async () => {
    while (!isStopped()) {
      await look().catch((error: unknown) => {
        fail(`no answer: ${error instanceof Error ? error.message : 'unknown'}`);
      });
      await sleep(LOOK_EVERY_MS);
    }
  })();

  return {
    samples: (component) => samples.get(component) ?? [],
    async until(component, fits, { since, withinMs }) {
      const deadline = since + withinMs;
      for (;;) {
        const found = samples.get(component)?.find((sample) => sample.askedAt >= since && fits(sample));
        if (found !== undefined) return found;
        if (performance.now() > deadline + LOOK_EVERY_MS) break;
        await sleep(20);
      }
      const told = JSON.stringify(samples.get(component)?.at(-1));
      throw new Error(
        `not within ${String(Math.round(withinMs))} ms; last answer of ${component}: ${told}; probes: ${failures.join(', ')}`,
      );
    },
    probeFailures: () => failures,
    slowestMs: () => slowestMs,
    ownLagMs: () => ownLagMs,
    async stop() {
      stopped = true;
      clearInterval(ticking);
      await looking;
    },
  };
}
