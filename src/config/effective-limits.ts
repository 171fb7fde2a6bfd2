import type { LimitKey, Level, Limit, Limits, Thresholds } from '../health/thresholds.js';
import { LEVELS } from '../health/thresholds.js';

/** The limits that somebody declared, and where. */
interface Layer {
  readonly source: Limit['source'];
  readonly thresholds: Thresholds;
}

/**
 * The limits in force for the consumers of a component. Each limit of each figure comes from the first place that
 * declares it: the component, then the defaults.
 */
export function effectiveLimits(ofComponent: Thresholds, defaults: Thresholds): Limits {
  const layers: readonly Layer[] = [
    { source: 'file', thresholds: ofComponent },
    { source: 'default', thresholds: defaults },
  ];
  const keys = new Set(layers.flatMap(({ thresholds }) => Object.keys(thresholds) as LimitKey[]));
  return Object.fromEntries([...keys].map((key) => [key, limitsOf(key, layers)]));
}

function limitsOf(key: LimitKey, layers: readonly Layer[]): Partial<Record<Level, Limit>> {
  const limits: Partial<Record<Level, Limit>> = {};
  for (const level of LEVELS) {
    const layer = layers.find(({ thresholds }) => thresholds[key]?.[level] !== undefined);
    const value = layer?.thresholds[key]?.[level];
    if (layer !== undefined && value !== undefined) {
      limits[level] = { value, inclusive: false, source: layer.source };
    }
  }
  return withoutOvertakenWarning(limits);
}

/** A default warning at or above a critical limit that somebody chose would never be seen by itself. */
function withoutOvertakenWarning(limits: Partial<Record<Level, Limit>>): Partial<Record<Level, Limit>> {
  const { warn, critical } = limits;
  return warn !== undefined && critical !== undefined && warn.value >= critical.value ? { critical } : limits;
}
