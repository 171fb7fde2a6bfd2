import type { Clock } from '../clock.js';
import type { EvaluationSettings, ObservedConsumer } from '../health/component-round.js';
import type { ComponentState } from '../health/evaluate-component.js';
import { evaluateComponent } from '../health/evaluate-component.js';
import type { Logger } from '../logger.js';
import type { SnapshotStore } from '../snapshots/snapshot-store.js';
import { createOverloadPause } from './overload-pause.js';
import type { ReadConsumers } from './read-consumers.js';
import type { ReadsOf } from './read-log.js';
import { createReadLog } from './read-log.js';
import { createRoundLog } from './round-log.js';
import { startRound } from './round.js';
import type { WatchedComponent, WatchList } from './watch-list.js';

/**
 * `partial`: some component's round was not accepted. `skipped`: another round runs or has just begun, or the server
 * needs a pause.
 */
export type RoundResult = 'complete' | 'partial' | 'skipped';

export interface PollerDeps {
  readonly settings: EvaluationSettings;
  /** Taken anew at the start of each round. */
  readonly watchList: () => WatchList;
  readonly readConsumers: ReadConsumers;
  readonly store: SnapshotStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** States of components that go on from an earlier poller, by component id. */
  readonly states: ReadonlyMap<string, ComponentState>;
}

/** What is known about one component, for diagnosis and for a poller that takes over. */
export interface ComponentInspection {
  readonly component: WatchedComponent;
  readonly state: ComponentState | undefined;
  readonly readsOf: ReadsOf;
}

export interface Poller {
  /** One round over all consumers, unless one is running. Never rejects; settles within the interval. */
  pollOnce(): Promise<RoundResult>;
  /** The first round has ended, whatever its result. */
  hasPolled(): boolean;
  states(): ReadonlyMap<string, ComponentState>;
  inspect(): ComponentInspection[];
}

/** A round ends before the next tick whatever happens. */
const ROUND_SHARE_OF_INTERVAL = 0.9;
/** Two readings in one moment are one reading: a late tick must not make a worker between two pulls look gone. */
const LEAST_SHARE_BETWEEN_ROUNDS = 0.5;

export function createPoller(deps: PollerDeps): Poller {
  const { settings, watchList, readConsumers, store, clock, log } = deps;
  const states = new Map(deps.states);
  const overload = createOverloadPause(settings);
  const roundLog = createRoundLog(log);
  const readLog = createReadLog();
  let running = false;
  let polled = false;
  let lastStartedAt = -Infinity;

  async function pollOnce(): Promise<RoundResult> {
    const startedAt = clock.now();
    // One round at a time is this guard's doing: node-cron's own does not cover a call by hand.
    if (running || !overload.isOver(startedAt)) return 'skipped';
    if (startedAt - lastStartedAt < settings.everyMs * LEAST_SHARE_BETWEEN_ROUNDS) return 'skipped';
    lastStartedAt = startedAt;
    running = true;
    try {
      const watched = watchList();
      let result: RoundResult = 'complete';
      const round = startRound({
        watched,
        deadline: startedAt + settings.everyMs * ROUND_SHARE_OF_INTERVAL,
        clock,
        onComponent: (component, consumers) => {
          if (!evaluate(component, consumers, startedAt)) result = 'partial';
        },
      });
      await Promise.race([readConsumers(watched.consumers, round), round.overdue]);
      await round.close();
      readLog.note(watched, round.observations);
      overload.note(round.observations, clock.now());
      round.release();
      return result;
    } catch (error) {
      log.error({ event: 'round_failed', err: error }, 'a polling round failed');
      return 'partial';
    } finally {
      running = false;
      polled = true;
    }
  }

  /** @returns whether the round was accepted */
  function evaluate(
    component: WatchedComponent,
    consumers: readonly ObservedConsumer[],
    startedAt: number,
  ): boolean {
    if (!component.isKnown) return false;
    const { state, health, readAt } = evaluateComponent(
      states.get(component.id),
      { selectionCount: component.selectionCount, consumers, startedAt },
      settings,
    );
    states.set(component.id, state);
    roundLog.note(component.id, health, consumers);
    if (health === undefined) return false;
    store.put(component.id, { health, readAt, readTime: clock.wall() - (clock.now() - readAt) });
    return true;
  }

  return {
    pollOnce,
    hasPolled: () => polled,
    states: () => states,
    inspect() {
      const watched = watchList();
      const readsOf = readLog.of(watched);
      return watched.components.map((component) => ({
        component,
        state: states.get(component.id),
        readsOf,
      }));
    },
  };
}
