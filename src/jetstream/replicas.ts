import { countOf, isJsonObject, textOf } from './json-fields.js';

export interface GroupState {
  readonly leader: string | undefined;
  /** R > 1, and fewer than a majority of the group is known to be alive. */
  readonly isShort: boolean;
}

/** A follower that was silent for longer does not count; measured to show after 5 s at a dead one. */
const SILENT_AFTER_NS = 6_000_000_000;

/**
 * What the `cluster` block of a consumer info says about its group. A leader that lost its quorum goes on answering
 * for about 17 s; only this shows it earlier.
 *
 * @param configuredReplicas `config.num_replicas`; 0 means as many as the stream has
 * @returns undefined when the block is wrong, or missing for a consumer that has replicas: a member that is still
 *   starting answers so, with zeros in the place of counts
 */
export function replicasShort(cluster: unknown, configuredReplicas: unknown): GroupState | undefined {
  if (cluster === undefined) {
    return Number(configuredReplicas) > 1 ? undefined : { leader: undefined, isShort: false };
  }
  if (!isJsonObject(cluster)) return undefined;
  const { leader, replicas = [] } = cluster;
  if (!Array.isArray(replicas)) return undefined;
  const alive = (replicas as unknown[]).filter(isAlive).length;
  const size = replicas.length + 1;
  return { leader: textOf(leader), isShort: alive + 1 < Math.floor(size / 2) + 1 };
}

function isAlive(replica: unknown): boolean {
  if (!isJsonObject(replica)) return false;
  return (
    replica.current === true && replica.offline !== true && (countOf(replica.active) ?? 0) <= SILENT_AFTER_NS
  );
}
