import type { Status } from '../../src/health/component-health.js';
import type { Figures } from '../../src/health/figures.js';
import { createEventStreams } from '../../src/http/event-streams.js';
import { createPublicApp } from '../../src/http/public-app.js';
import { startHttpServer } from '../../src/http/server.js';
import { createStatusEvents } from '../../src/http/status-events.js';
import { createHistory } from '../../src/snapshots/history.js';
import { createSnapshotStore } from '../../src/snapshots/snapshot-store.js';

export interface PageComponentConfig {
  readonly id: string;
  readonly name: string;
}

export interface Round {
  readonly status?: Status;
  readonly detail?: string;
  readonly figures?: Partial<Figures>;
  /** Seconds before the present. */
  readonly ago?: number;
}

export interface PageSetup {
  readonly url: string;
  /** Lets time pass: figures that are not read anew grow older. */
  wait(seconds: number): void;
  put(id: string, round?: Round): void;
  /** From now on the app serves other components, as after a reload. */
  reload(components: readonly PageComponentConfig[]): void;
  /** Goes away, and every open connection with it. */
  stop(): Promise<void>;
  /** Comes back where it was. */
  restart(): Promise<void>;
}

export interface PageOptions {
  readonly components?: readonly PageComponentConfig[];
  readonly title?: string;
}

const HOUR_MS = 3_600_000;
const EVERY_MS = 5000;
const COMPONENTS = [
  { id: 'infra', name: 'Infrastructure provisioning' },
  { id: 'apps', name: 'Application deployment' },
  { id: 'datastores', name: 'Datastore management' },
];

/** The public app on a port of its own, in front of snapshots that a test puts; stale after 15 s, dead after 60 s. */
export async function startPageSetup({
  components = COMPONENTS,
  title = 'Platform status',
}: PageOptions = {}): Promise<PageSetup> {
  const ids = components.map(({ id }) => id);
  const store = createSnapshotStore(10);
  const history = createHistory({ componentIds: ids, keepMs: HOUR_MS, everyMs: EVERY_MS });
  store.subscribe((id, snapshot) => {
    history.add(id, snapshot);
  });
  const log = { error: () => undefined };
  // Two hours in, so that there can be a past.
  const waited = { ms: 2 * HOUR_MS };
  const clock = { now: () => performance.now() + waited.ms };
  const since = clock.now();

  const build = (shown: readonly PageComponentConfig[]): (() => Promise<void>) & { handler: Handler } => {
    const events = createStatusEvents(createEventStreams({ maxStreams: 10 }));
    const app = createPublicApp({
      components: shown,
      store,
      history,
      events,
      clock,
      log,
      everyMs: EVERY_MS,
      keepMs: HOUR_MS,
      ageLimits: { staleAfterMs: 15_000, deadAfterMs: 60_000, startGraceMs: 10_000 },
      since: () => since,
      page: { title, url: undefined },
      readiness: { ready: () => true, draining: () => false },
    });
    const dispose = (): Promise<void> => {
      app.dispose();
      events.close();
      return Promise.resolve();
    };
    return Object.assign(dispose, { handler: app.handler });
  };

  let app = build(components);
  let server = await startHttpServer({ host: '127.0.0.1', port: 0 }, app.handler, { log, clock });
  const { port } = server;
  const stop = async (): Promise<void> => {
    await app();
    await server.close();
  };
  return {
    url: server.url,
    wait(seconds) {
      waited.ms += seconds * 1000;
    },
    put(id, { status = 'up', detail = '', figures = {}, ago = 0 } = {}) {
      store.put(id, {
        health: {
          status,
          detail,
          figures: { live_pullers: 3, backlog: 0, in_flight: 0, oldest_unacked_seconds: 0, ...figures },
        },
        readAt: clock.now() - ago * 1000,
        readTime: Date.now() - ago * 1000,
      });
    },
    reload(changed) {
      void app();
      app = build(changed);
      server.use(app.handler);
    },
    stop,
    async restart() {
      app = build(components);
      server = await startHttpServer({ host: '127.0.0.1', port }, app.handler, { log, clock });
    },
  };
}

type Handler = Parameters<typeof startHttpServer>[1];
