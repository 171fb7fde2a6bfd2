import type { LimitKey, Level, Limit, Limits, Thresholds } from '../health/thresholds.js';
import { LEVELS } from '../health/thresholds.js';
import type { Metadata, MetadataThresholds } from './metadata-thresholds.js';
import { metadataThresholds } from './metadata-thresholds.js';

/** The places that can declare a limit. */
export interface DeclaredThresholds {
  readonly ofComponent: Thresholds;
  readonly ofMetadata: MetadataThresholds;
  readonly defaults: Thresholds;
}

/** The limits of a component's consumers, given the metadata of each. */
export function limitsByMetadata(
  declared: Omit<DeclaredThresholds, 'ofMetadata'>,
): (metadata: Metadata) => Limits {
  // Made once for the many consumers that declare nothing.
  const common = effectiveLimits({ ...declared, ofMetadata: {} });
  return (metadata) => {
    const ofMetadata = metadataThresholds(metadata);
    return Object.keys(ofMetadata).length === 0 ? common : effectiveLimits({ ...declared, ofMetadata });
  };
}

/**
 * The limits in force for one consumer. Each limit of each figure comes from the first place that declares it: the
 * component in the file, the consumer's metadata, the defaults.
 */
export function effectiveLimits({ ofComponent, ofMetadata, defaults }: DeclaredThresholds): Limits {
  const keys = new Set(
    [ofComponent, ofMetadata, defaults].flatMap((place) => Object.keys(place)),
  ) as Set<LimitKey>;
  const limitOf = (key: LimitKey, level: Level): Limit | undefined => {
    const file = ofComponent[key]?.[level];
    if (file !== undefined) return { value: file, inclusive: false, source: 'file' };
    const metadata = ofMetadata[key]?.[level];
    if (metadata !== undefined) return { ...metadata, source: 'metadata' };
    const common = defaults[key]?.[level];
    return common === undefined ? undefined : { value: common, inclusive: false, source: 'default' };
  };
  return Object.fromEntries(
    Array.from(keys, (key) => {
      const limits: Partial<Record<Level, Limit>> = {};
      for (const level of LEVELS) {
        const limit = limitOf(key, level);
        if (limit !== undefined) limits[level] = limit;
      }
      return [key, withoutOvertakenWarning(limits)];
    }),
  );
}

/** A warning at or above the critical limit would never be seen by itself. */
function withoutOvertakenWarning(limits: Partial<Record<Level, Limit>>): Partial<Record<Level, Limit>> {
  const { warn, critical } = limits;
  return warn !== undefined && critical !== undefined && warn.value >= critical.value ? { critical } : limits;
}
