import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../health/snapshot.js';

/** Called after a component's snapshot was replaced. */
export type SnapshotListener = (componentId: string, snapshot: Snapshot) => void;

/** The latest snapshot of each component. Reading it is all that a request does. */
export interface SnapshotStore {
  put(componentId: string, snapshot: Snapshot): void;
  /** Undefined before the component's first accepted round. */
  latest(componentId: string): Snapshot | undefined;
  /** @returns how to stop listening */
  subscribe(listener: SnapshotListener): () => void;
}

/**
 * @param componentCount an upper bound: a cache with fewer places would silently lose the component least asked for
 */
export function createSnapshotStore(componentCount: number): SnapshotStore {
  // No ttl: a late `get` would delete the entry and turn "stale" into "never". Age is a verdict of `healthAt`.
  const snapshots = new LRUCache<string, Snapshot>({ max: Math.max(1, componentCount) });
  const listeners = new Set<SnapshotListener>();
  return {
    put(componentId, snapshot) {
      snapshots.set(componentId, snapshot);
      for (const listener of listeners) listener(componentId, snapshot);
    },
    latest: (componentId) => snapshots.peek(componentId),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
