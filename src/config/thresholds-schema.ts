import * as z from 'zod';
import type { LimitKey, Thresholds } from '../health/thresholds.js';
import { isGroup } from './relations.js';
import type { Refuse } from './relations.js';
import { seconds, wholeNumber } from './value-schemas.js';

function counts(what: string) {
  return z.strictObject({
    warn: wholeNumber(0).exactOptional().describe(`${what} above which the component is degraded`),
    critical: wholeNumber(0).exactOptional().describe(`${what} above which the component is down`),
  });
}

function ages(what: string) {
  return z.strictObject({
    warn: seconds().exactOptional().describe(`${what} above which the component is degraded`),
    critical: seconds().exactOptional().describe(`${what} above which the component is down`),
  });
}

export const thresholdsSchema = z.strictObject({
  backlog: counts('Messages waiting for delivery').exactOptional(),
  in_flight: counts('Messages delivered and not acknowledged').exactOptional(),
  oldest_unacked: ages('Age of the oldest unacknowledged message').exactOptional(),
} satisfies Record<LimitKey, z.ZodType>);

/** In force where nobody says otherwise; messages and seconds. */
export const BUILT_IN_THRESHOLDS: Thresholds = {
  backlog: { warn: 100 },
  in_flight: { warn: 100 },
  oldest_unacked: { warn: 300 },
};

/**
 * Refuses a warning at or above its critical limit, also where one of them stands under `defaults`. Built-in values
 * do not count here: they give way (see `effectiveLimits`).
 *
 * @param declared `thresholds` of one place
 * @param defaults `thresholds` under `defaults`; undefined when that is the place itself
 */
export function checkThresholdOrder(declared: unknown, defaults: unknown, refuse: Refuse): void {
  if (!isGroup(declared)) return;
  for (const key of Object.keys(declared)) {
    const own = limitsIn(declared, key);
    const inherited = limitsIn(defaults, key);
    const warn = own.warn ?? inherited.warn;
    const critical = own.critical ?? inherited.critical;
    if (typeof warn !== 'number' || typeof critical !== 'number' || warn < critical) continue;
    const unit = key === 'oldest_unacked' ? 's' : '';
    const from = (value: unknown): string => (value === undefined ? ' from defaults.thresholds' : '');
    if (own.warn === undefined) {
      refuse([key, 'critical'], `must be above the warning limit (${String(warn)}${unit}${from(own.warn)})`);
    } else {
      refuse(
        [key, 'warn'],
        `must be below the critical limit (${String(critical)}${unit}${from(own.critical)})`,
      );
    }
  }
}

function limitsIn(thresholds: unknown, key: string): { warn?: unknown; critical?: unknown } {
  const limits = isGroup(thresholds) ? thresholds[key] : undefined;
  return isGroup(limits) ? limits : {};
}
