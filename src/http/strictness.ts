import type { Status } from '../health/component-health.js';

/** Which statuses a request wants to see as 503: none, `down`, or `down` and `degraded`. */
export type Strictness = 'off' | 'down' | 'degraded';

/**
 * Reads `?strict` and `?strict=degraded`; any other value means plain `strict`, and all other parameters are ignored.
 * Of repeated keys the strictest counts: a monitor must not get a milder code than it asked for anywhere.
 *
 * @param query without the question mark, as it stood in the request; of any form
 */
export function strictnessOf(query: string): Strictness {
  let strictness: Strictness = 'off';
  if (!query.includes('strict')) return strictness;
  for (const pair of query.split('&')) {
    if (pair === 'strict=degraded') return 'degraded';
    if (pair === 'strict' || pair.startsWith('strict=')) strictness = 'down';
  }
  return strictness;
}

/** @param status undefined: an answer that is 200 whatever is asked for */
export function codeFor(status: Status | undefined, strictness: Strictness): 200 | 503 {
  if (strictness === 'off' || status === undefined || status === 'up') return 200;
  return status === 'down' || strictness === 'degraded' ? 503 : 200;
}
