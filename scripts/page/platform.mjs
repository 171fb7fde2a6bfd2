// A made-up platform for pictures of the status page: the real HTTP app, with a past that was never lived. Three
// components that are up, degraded and down, and one that nothing could be read about for a while.

import { importSource } from '../typescript.mjs';

const HOUR = 3600;
const EVERY = 5;
const AGE_LIMITS = { staleAfterMs: 15_000, deadAfterMs: 60_000, startGraceMs: 10_000 };

/** @typedef {{ status: 'up' | 'degraded' | 'down', figures: Record<string, number>, detail: string }} Health */

/** @param {number} live @param {number} backlog @param {number} flight @param {number} oldest */
const figures = (live, backlog, flight, oldest) => ({
  live_pullers: live,
  backlog: Math.round(backlog),
  in_flight: Math.round(flight),
  oldest_unacked_seconds: Math.round(oldest),
});

/** A rise and fall around a moment, from 0 to 1. @param {number} t @param {number} middle @param {number} width */
const hill = (t, middle, width) => Math.exp(-(((t - middle) / width) ** 2));
/** The same disorder in every picture. @param {number} t */
const noise = (t) => Math.abs(Math.sin(t * 12.9898) * 43758.5453) % 1;

/** @type {Record<string, { name: string, silentFor?: number, at: (ago: number) => Health }>} ago: seconds */
export const PLATFORM = {
  infra: {
    name: 'Infrastructure provisioning',
    at(ago) {
      const busy = hill(ago, 2100, 240);
      return {
        status: 'up',
        detail: '',
        figures: figures(
          3,
          noise(ago) * 4 + busy * 60,
          noise(ago + 1) * 3 + busy * 6,
          noise(ago) * 3 + busy * 40,
        ),
      };
    },
  },
  apps: {
    name: 'Application provisioning and deployment',
    at(ago) {
      const load = hill(ago, -150, 700) + hill(ago, 2750, 160) * 0.5;
      const backlog = load * 158 + noise(ago) * 6;
      const above = backlog > 70;
      return {
        status: above ? 'degraded' : 'up',
        detail: above ? 'backlog above warning threshold' : '',
        figures: figures(above ? 0 : 3, backlog, Math.min(8, 2 + backlog / 8), load * 102 + noise(ago) * 5),
      };
    },
  },
  datastores: {
    name: 'Datastore provisioning and management',
    at(ago) {
      const gone = ago < 380 || (ago > 1900 && ago < 2050);
      const since = ago < 380 ? 380 - ago : ago > 1900 && ago < 2050 ? 2050 - ago : 0;
      if (!gone)
        return {
          status: 'up',
          detail: '',
          figures: figures(2, noise(ago) * 3, noise(ago + 2) * 2, noise(ago) * 2),
        };
      const down = since > 40;
      return {
        status: down ? 'down' : 'degraded',
        detail: down ? 'no live pullers' : 'no live pullers seen yet',
        figures: figures(0, since / 9, 2, since),
      };
    },
  },
  certificates: {
    name: 'Certificates',
    silentFor: 25,
    at: (ago) => ({
      status: 'up',
      detail: '',
      figures: figures(1, 0, noise(ago) > 0.9 ? 1 : 0, noise(ago) > 0.9 ? 2 : 0),
    }),
  },
};

/**
 * @param {{ only?: readonly string[], title?: string }} [options] ids of the components to show
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startMadeUpPlatform({ only = Object.keys(PLATFORM), title = 'Platform status' } = {}) {
  const { createPublicApp } = await importSource('http/public-app.ts');
  const { startHttpServer } = await importSource('http/server.ts');
  const { createSnapshotStore } = await importSource('snapshots/snapshot-store.ts');
  const { createHistory } = await importSource('snapshots/history.ts');
  const { createEventStreams } = await importSource('http/event-streams.ts');
  const { createStatusEvents } = await importSource('http/status-events.ts');

  // The past lies after the start of this clock, as that of a real service does.
  const clock = { now: () => performance.now() + 2 * HOUR * 1000 };
  const log = { error: console.error };
  const store = createSnapshotStore(only.length);
  const history = createHistory({ componentIds: only, keepMs: HOUR * 1000, everyMs: EVERY * 1000 });
  store.subscribe((/** @type {string} */ id, /** @type {unknown} */ snapshot) => history.add(id, snapshot));
  const [now, wall] = [clock.now(), Date.now()];
  for (const id of only) {
    const component = PLATFORM[id];
    if (component === undefined) throw new Error(`no component ${id}`);
    for (let ago = HOUR; ago >= 0; ago -= EVERY) {
      if (ago < (component.silentFor ?? 0)) break;
      store.put(id, { health: component.at(ago), readAt: now - ago * 1000, readTime: wall - ago * 1000 });
    }
  }
  const events = createStatusEvents(createEventStreams({ maxStreams: 10 }));
  const app = createPublicApp({
    events,
    components: only.map((id) => ({ id, name: PLATFORM[id]?.name })),
    store,
    history,
    clock,
    log,
    ageLimits: AGE_LIMITS,
    everyMs: EVERY * 1000,
    keepMs: HOUR * 1000,
    since: () => 0,
    page: { title, url: undefined },
    readiness: { ready: () => true, draining: () => false },
  });
  const server = await startHttpServer({ host: '127.0.0.1', port: 0 }, app.handler, { log, clock });
  return {
    url: server.url,
    async close() {
      app.dispose();
      events.close();
      await server.close();
    },
  };
}
