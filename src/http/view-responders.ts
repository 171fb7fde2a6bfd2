import type { Clock } from '../clock.js';
import { worstOf } from '../health/component-health.js';
import type { AgeLimits, AgedHealth, Snapshot, SnapshotState } from '../health/snapshot.js';
import { healthAt } from '../health/snapshot.js';
import type { SnapshotStore } from '../snapshots/snapshot-store.js';
import type { Route } from './app.js';
import type { PreparedResponder } from './hot-path.js';
import { createPreparedResponder } from './hot-path.js';
import { prepareAnswer } from './prepared-answer.js';
import type { PreparedAnswer } from './prepared-answer.js';
import type { Responder } from './responder.js';
import type { ComponentView, PlatformView } from './views.js';

export interface StatusDeps {
  /** In the order of the configuration, which is the order of the answer about all of them. */
  readonly components: readonly { readonly id: string; readonly name: string }[];
  readonly store: Pick<SnapshotStore, 'latest' | 'subscribe'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ageLimits: AgeLimits;
  /** Monotonic ms from which the start grace of a component counts. */
  readonly since: (componentId: string) => number;
}

export interface Views {
  readonly ofComponent: readonly ComponentView[];
  readonly ofPlatform: readonly PlatformView[];
}

export interface ViewResponders {
  readonly routes: readonly Route[];
  /** The same resources by their exact paths. */
  readonly hot: ReadonlyMap<string, Responder>;
  /** Stops listening to the store. */
  dispose(): void;
}

const COMPONENTS = '/api/v2/status';

/** Responders for every view of each component and of all together, kept ready while snapshots come in. */
export function createViewResponders(
  { components, store, clock, ageLimits, since }: StatusDeps,
  { ofComponent, ofPlatform }: Views,
): ViewResponders {
  const agedHealth = (id: string, snapshot: Snapshot | undefined, now: number): AgedHealth =>
    healthAt(snapshot, now, ageLimits, since(id));

  const prepareOne = (
    { id, name }: { readonly id: string; readonly name: string },
    view: ComponentView,
    now: number,
  ): PreparedAnswer => {
    const snapshot = store.latest(id);
    const { health, state, changesAt } = agedHealth(id, snapshot, now);
    return prepareAnswer({
      body: view.render({ id, name, health, readTime: snapshot?.readTime }),
      type: view.type,
      strictStatus: view.obeysStrict ? health.status : undefined,
      state,
      oldest: snapshot,
      changesAt,
      headers: ['X-Component-Status', health.status],
    });
  };

  const prepareAll = (view: PlatformView, now: number): PreparedAnswer => {
    const entries = components.map(({ id, name }) => {
      const snapshot = store.latest(id);
      return { id, name, snapshot, readTime: snapshot?.readTime, ...agedHealth(id, snapshot, now) };
    });
    const overall = worstOf(entries.map(({ health }) => health.status));
    return prepareAnswer({
      body: view.render(overall, entries),
      type: view.type,
      strictStatus: view.obeysStrict ? overall : undefined,
      state: worstState(entries.map(({ state }) => state)),
      oldest: oldestOf(entries.map(({ snapshot }) => snapshot)),
      changesAt: Math.min(...entries.map(({ changesAt }) => changesAt)),
      headers: [],
    });
  };

  /** By component at last: a Map, so that no name of a request finds anything else. */
  const one = new Map<ComponentView, Map<string, PreparedResponder>>();
  for (const view of ofComponent) {
    const byId = components.map((component): [string, PreparedResponder] => [
      component.id,
      createPreparedResponder((now) => prepareOne(component, view, now), clock),
    ]);
    one.set(view, new Map(byId));
  }
  const all = new Map<PlatformView, PreparedResponder>(
    ofPlatform.map((view) => [view, createPreparedResponder((now) => prepareAll(view, now), clock)]),
  );
  // Only marked here and made by the next request: a round that puts a hundred snapshots costs one new answer.
  const unsubscribe = store.subscribe((id) => {
    for (const byId of one.values()) byId.get(id)?.invalidate();
    for (const { invalidate } of all.values()) invalidate();
  });

  const hot = new Map<string, Responder>();
  for (const [{ path }, { respond }] of all) hot.set(path, respond);
  for (const [{ path }, byId] of one) {
    for (const [id, { respond }] of byId) hot.set(`${COMPONENTS}/${id}${path}`, respond);
  }
  return {
    routes: [
      ...Array.from(all, ([view, { respond }]): Route => ({
        path: view.path,
        operation: { ...view, snapshot: 'platform' },
        find: () => respond,
      })),
      ...Array.from(one, ([view, byId]): Route => ({
        path: `${COMPONENTS}/:component${view.path}`,
        operation: { ...view, snapshot: 'component' },
        find: ({ component = '' }) => byId.get(component)?.respond,
      })),
    ],
    hot,
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
