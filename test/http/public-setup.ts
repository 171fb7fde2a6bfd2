import type { ComponentHealth, Status } from '../../src/health/component-health.js';
import type { EventStreams } from '../../src/http/event-streams.js';
import { createEventStreams } from '../../src/http/event-streams.js';
import type { Readiness } from '../../src/http/routes/probes.js';
import { createPublicApp } from '../../src/http/public-app.js';
import type { PublicApp } from '../../src/http/public-app.js';
import { startHttpServer } from '../../src/http/server.js';
import type { HttpServer } from '../../src/http/server.js';
import { createHistory } from '../../src/snapshots/history.js';
import type { StatusEvents } from '../../src/http/status-events.js';
import { createStatusEvents } from '../../src/http/status-events.js';
import { createSnapshotStore } from '../../src/snapshots/snapshot-store.js';
import type { SnapshotStore } from '../../src/snapshots/snapshot-store.js';

export const READ_TIME = Date.UTC(2026, 0, 1, 0, 0, 0, 7);

export interface PublicSetup {
  /** Monotonic ms, moved by the test. */
  time: number;
  readonly store: SnapshotStore;
  readonly logged: unknown[][];
  readonly app: PublicApp;
  readonly events: StatusEvents;
  readonly streams: EventStreams;
  readonly server: HttpServer;
  put(id: string, snapshot?: { status?: Status; detail?: string; readAt?: number; readTime?: number }): void;
}

/** The public app on a port of its own, with components `infra` and `apps`, stale after 15 s and dead after 60 s. */
export async function startPublicSetup(readiness: Partial<Readiness> = {}): Promise<PublicSetup> {
  const store = createSnapshotStore(2);
  const history = createHistory({ componentIds: ['infra', 'apps'], keepMs: 60_000, everyMs: 5000 });
  store.subscribe((id, snapshot) => {
    history.add(id, snapshot);
  });
  const logged: unknown[][] = [];
  const log = { error: (...line: unknown[]) => void logged.push(line) };
  const streams = createEventStreams({ maxStreams: 10 });
  const events = createStatusEvents(streams);
  const clock = { now: () => setup.time };
  const app = createPublicApp({
    components: [
      { id: 'infra', name: 'Infrastructure provisioning' },
      { id: 'apps', name: 'Anwendungen für alle' },
    ],
    store,
    history,
    everyMs: 5000,
    keepMs: 60_000,
    page: { title: 'Platform status', url: 'https://status.example.com' },
    events,
    clock,
    ageLimits: { staleAfterMs: 15_000, deadAfterMs: 60_000, startGraceMs: 10_000 },
    since: () => 0,
    readiness: { ready: () => true, draining: () => false, ...readiness },
    log,
  });
  const server = await startHttpServer({ host: '127.0.0.1', port: 0 }, app.handler, { log, clock });
  const setup: PublicSetup = {
    time: 0,
    store,
    logged,
    app,
    events,
    streams,
    server,
    put(id, { status = 'up', detail = '', readAt = setup.time, readTime = READ_TIME } = {}) {
      store.put(id, { health: aHealth(status, detail), readAt, readTime });
    },
  };
  return setup;
}

export function aHealth(status: Status, detail = ''): ComponentHealth {
  return {
    status,
    figures: { live_pullers: 3, backlog: 142, in_flight: 8, oldest_unacked_seconds: 95 },
    detail,
  };
}
