import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from './pace.js';

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks again and again until there is an answer other than undefined.
 *
 * @throws when there is none in time, and what `ask` throws
 */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  { withinMs = paced(10_000), everyMs = 20 }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`nothing came within ${String(withinMs)} ms`);
    await sleep(everyMs);
  }
}
