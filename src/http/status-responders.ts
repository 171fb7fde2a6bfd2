import type { Clock } from '../clock.js';
import { worstOf } from '../health/component-health.js';
import type { AgeLimits, AgedHealth, Snapshot, SnapshotState } from '../health/snapshot.js';
import { healthAt } from '../health/snapshot.js';
import { renderAllComponents, renderComponentHealth } from '../render/status-json.js';
import type { SnapshotStore } from '../snapshots/snapshot-store.js';
import type { PreparedResponder } from './hot-path.js';
import { createPreparedResponder } from './hot-path.js';
import { prepareAnswer } from './prepared-answer.js';
import type { PreparedAnswer } from './prepared-answer.js';
import type { Responder } from './responder.js';

export interface StatusDeps {
  /** In the order of the configuration, which is the order of the answer about all of them. */
  readonly components: readonly { readonly id: string; readonly name: string }[];
  readonly store: Pick<SnapshotStore, 'latest' | 'subscribe'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ageLimits: AgeLimits;
  /** Monotonic ms from which the start grace of a component counts. */
  readonly since: (componentId: string) => number;
}

export interface StatusResponders {
  /** A Map, so that no name of a request finds anything but a component. */
  readonly byId: ReadonlyMap<string, Responder>;
  readonly all: Responder;
  /** Stops listening to the store. */
  dispose(): void;
}

/** Responders for the status of each component and of all together, kept ready while snapshots come in. */
export function createStatusResponders({
  components,
  store,
  clock,
  ageLimits,
  since,
}: StatusDeps): StatusResponders {
  const agedHealth = (id: string, snapshot: Snapshot | undefined, now: number): AgedHealth =>
    healthAt(snapshot, now, ageLimits, since(id));

  const prepareOne = (id: string, now: number): PreparedAnswer => {
    const snapshot = store.latest(id);
    const { health, state, changesAt } = agedHealth(id, snapshot, now);
    return prepareAnswer({
      body: renderComponentHealth(health),
      status: health.status,
      state,
      oldest: snapshot,
      changesAt,
      headers: ['X-Component-Status', health.status],
    });
  };

  const prepareAll = (now: number): PreparedAnswer => {
    const entries = components.map(({ id, name }) => {
      const snapshot = store.latest(id);
      return { id, name, snapshot, readTime: snapshot?.readTime, ...agedHealth(id, snapshot, now) };
    });
    const overall = worstOf(entries.map(({ health }) => health.status));
    return prepareAnswer({
      body: renderAllComponents(overall, entries),
      status: overall,
      state: worstState(entries.map(({ state }) => state)),
      oldest: oldestOf(entries.map(({ snapshot }) => snapshot)),
      changesAt: Math.min(...entries.map(({ changesAt }) => changesAt)),
      headers: [],
    });
  };

  const one = new Map<string, PreparedResponder>(
    components.map(({ id }) => [id, createPreparedResponder((now) => prepareOne(id, now), clock)]),
  );
  const all = createPreparedResponder(prepareAll, clock);
  // Only marked here and made by the next request: a round that puts a hundred snapshots costs one new answer.
  const unsubscribe = store.subscribe((id) => {
    one.get(id)?.invalidate();
    all.invalidate();
  });
  return {
    byId: new Map(Array.from(one, ([id, { respond }]) => [id, respond])),
    all: all.respond,
    dispose: unsubscribe,
  };
}

function worstState(states: readonly SnapshotState[]): SnapshotState {
  if (states.includes('none')) return 'none';
  return states.includes('stale') ? 'stale' : 'fresh';
}

/** Undefined as long as one is missing: an age of some of them would pass for the age of all. */
function oldestOf(snapshots: readonly (Snapshot | undefined)[]): Snapshot | undefined {
  let oldest: Snapshot | undefined;
  for (const snapshot of snapshots) {
    if (snapshot === undefined) return undefined;
    if (oldest === undefined || snapshot.readAt < oldest.readAt) oldest = snapshot;
  }
  return oldest;
}
