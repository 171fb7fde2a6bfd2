import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from './clock.js';
import type { ComponentConfig, Config } from './config/config.js';
import { limitsByMetadata } from './config/effective-limits.js';
import type { ComponentState } from './health/evaluate-component.js';
import { createJetStreamApi } from './jetstream/api.js';
import { healthAt } from './health/snapshot.js';
import type { ConnectionState } from './jetstream/connection.js';
import { createConnection } from './jetstream/connection.js';
import { createConsumerReader } from './jetstream/consumer-reader.js';
import { createConsumerLister, createStreamLister } from './jetstream/discovery.js';
import { createGivenUpMessages } from './jetstream/given-up-messages.js';
import type { Logger } from './logger.js';
import { createDiscovery } from './polling/discovery.js';
import { describeInspection } from './polling/inspection.js';
import { createPoller } from './polling/poller.js';
import { startSchedule } from './polling/schedule.js';
import type { MetricsRecorder, MetricsSource } from './render/metrics.js';
import { createWatchList, streamsToList } from './polling/watch-list.js';
import type { History } from './snapshots/history.js';
import { createHistory } from './snapshots/history.js';
import type { SnapshotStore } from './snapshots/snapshot-store.js';
import { createSnapshotStore } from './snapshots/snapshot-store.js';

/** Everything that watches NATS under one configuration. */
export interface Monitor {
  readonly store: SnapshotStore;
  readonly history: History;
  /** Monotonic ms since which the component is watched. */
  since(componentId: string): number;
  /** The first round has ended, whatever its result. */
  hasPolled(): boolean;
  /** For the admin listener; holds names, no secrets. */
  inspect(): object;
  /** What there is to measure now. */
  measure(): MetricsSource;
  /** What a monitor under another configuration goes on from. */
  memory(): MonitorMemory;
  /** Opens the connection and starts polling. Never fails: NATS may come later. */
  start(): void;
  stop(): void;
}

export interface MonitorMemory {
  readonly config: Config;
  readonly store: SnapshotStore;
  readonly history: History;
  readonly states: ReadonlyMap<string, ComponentState>;
  readonly since: (componentId: string) => number;
  readonly hasPolled: boolean;
}

export interface MonitorDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: MetricsRecorder;
  /** Set when the configuration was reloaded. */
  readonly memory: MonitorMemory | undefined;
}

export function createMonitor(config: Config, { clock, log, recorder, memory }: MonitorDeps): Monitor {
  const { components, poll } = config;
  const store = createSnapshotStore(components.length);
  const kept = memory === undefined ? [] : unchangedComponents(config, memory.config);
  for (const id of kept) {
    const snapshot = memory?.store.latest(id);
    if (snapshot !== undefined) store.put(id, snapshot);
  }
  const history = createHistory({
    componentIds: components.map(({ id }) => id),
    keepMs: config.history.keepMs,
    everyMs: poll.everyMs,
    earlier: (id) => (kept.includes(id) ? (memory?.history.samples(id) ?? []) : []),
  });
  // Only now: what was kept above is in the history already.
  store.subscribe((id, snapshot) => {
    history.add(id, snapshot);
  });
  const createdAt = clock.now();

  const connection = createConnection({ nats: config.nats, everyMs: poll.everyMs, clock, log });
  const api = createJetStreamApi({
    connection,
    nats: config.nats,
    onResult: (...result) => {
      recorder.countRequest(...result);
    },
  });
  const discovery = createDiscovery({
    wanted: streamsToList(components),
    listConsumers: createConsumerLister(api),
    listStreams: createStreamLister(api),
    everyMs: poll.discoverEveryMs,
    retryMs: poll.everyMs,
    log,
    onFirstKnown: () => void pollOnce(),
  });
  const poller = createPoller({
    settings: poll,
    watchList: createWatchList({
      components,
      known: () => discovery.known(),
      limitsFor: ({ thresholds }) =>
        limitsByMetadata({ ofComponent: thresholds, defaults: config.defaultThresholds }),
    }),
    readConsumers: createConsumerReader({
      api,
      givenUp: createGivenUpMessages(connection),
      clock,
      timeoutMs: poll.timeoutMs,
    }),
    store,
    clock,
    log,
    states: new Map([...(memory?.states ?? [])].filter(([id]) => kept.includes(id))),
  });
  const pollOnce = async (): Promise<void> => {
    const startedAt = clock.now();
    const result = await poller.pollOnce();
    recorder.countRound(result, result === 'skipped' ? undefined : (clock.now() - startedAt) / 1000);
  };
  let stopSchedule = (): void => undefined;
  let stopped = false;

  const isStopped = (): boolean => stopped;
  async function begin(): Promise<void> {
    await connection.start();
    if (isStopped()) return;
    // What is discovered at once is asked about in the first round already; a list that hangs holds up nothing.
    await Promise.race([discovery.start(), sleep(poll.timeoutMs, undefined, { ref: false })]);
    if (isStopped()) return;
    void pollOnce();
    // At whole intervals from here on.
    stopSchedule = startSchedule({
      everyMs: poll.everyMs,
      phase: (clock.wall() % poll.everyMs) / poll.everyMs,
      clock,
      log,
      onTick: () => void pollOnce(),
    });
  }

  const since = (componentId: string): number =>
    kept.includes(componentId) ? (memory?.since(componentId) ?? createdAt) : createdAt;

  const measure = (now: number): MetricsSource => ({
    components: components.map(({ id }) => {
      const snapshot = store.latest(id);
      return {
        id,
        health: healthAt(snapshot, now, poll, since(id)).health,
        snapshotAge: snapshot === undefined ? undefined : (now - snapshot.readAt) / 1000,
      };
    }),
    consumers: poller.inspect().flatMap(({ component, state }) =>
      component.consumers.flatMap(({ terms }) => {
        const reading = state?.lives.get(terms.key)?.reading;
        return reading === undefined ? [] : [{ componentId: component.id, id: terms.id, reading }];
      }),
    ),
    isConnected: connection.state().connected,
  });

  return {
    store,
    history,
    since,
    hasPolled: () => poller.hasPolled() || memory?.hasPolled === true,
    inspect: () => ({
      connection: describeConnection(connection.state(), clock.now()),
      discovery: { failures: discovery.failures() },
      components: describeInspection(poller.inspect(), clock.now()),
    }),
    measure: () => measure(clock.now()),
    memory: () => ({ config, store, history, states: poller.states(), since, hasPolled: poller.hasPolled() }),
    start: () => void begin(),
    stop() {
      stopped = true;
      stopSchedule();
      discovery.stop();
      connection.close();
    },
  };
}

/** Components whose consumers and limits are the same under both configurations: what is known of them stays true. */
function unchangedComponents(now: Config, before: Config): readonly string[] {
  if (!isDeepStrictEqual(now.defaultThresholds, before.defaultThresholds)) return [];
  const previous = new Map(before.components.map((component) => [component.id, component]));
  const isUnchanged = (component: ComponentConfig): boolean =>
    isDeepStrictEqual(component, previous.get(component.id));
  return now.components.filter(isUnchanged).map(({ id }) => id);
}

function describeConnection({ lastAnswerAt, ...state }: ConnectionState, now: number): object {
  return {
    ...state,
    last_answer_seconds_ago: lastAnswerAt === undefined ? null : Math.round(now - lastAnswerAt) / 1000,
  };
}
