import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { secretsOf } from './config/secrets.js';
import { createDeferredMetrics } from './deferred-metrics.js';
import { createAdminApp } from './http/admin-app.js';
import { createEventStreams, mostEventStreams } from './http/event-streams.js';
import { ListenError } from './http/listen-error.js';
import type { PublicApp } from './http/public-app.js';
import { createPublicApp } from './http/public-app.js';
import type { HttpServer } from './http/server.js';
import { startHttpServer } from './http/server.js';
import { createStatusEvents } from './http/status-events.js';
import type { Logger } from './logger.js';
import { createLogOutput } from './log-output.js';
import { createLogger } from './logger.js';
import type { Monitor } from './monitor.js';
import { createMonitor } from './monitor.js';

/** Whatever still hangs then is left behind: a stop takes less than 5 s. */
const STOP_WITHIN_MS = 4800;

/**
 * Runs the service until SIGTERM or SIGINT; SIGHUP reloads the configuration, a second signal to stop ends the
 * process at once.
 *
 * @param load reads the configuration, now and at each reload; rejects with ConfigError
 * @returns the exit code
 * @throws ConfigError when the first configuration is refused
 */
export async function runService(load: () => Promise<Config>, clock: Clock = systemClock): Promise<number> {
  // Before anybody is told that it listens: a signal that nobody takes ends the process as it is.
  const stopSignal = firstStopSignal();
  let running: Running | undefined;
  process.on('SIGHUP', () => void running?.reload(load));
  try {
    running = await startService(await load(), clock);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    process.stderr.write(`jetstream-status: ${error.message}\n`);
    return 1;
  }
  await stopSignal;
  setTimeout(() => {
    process.exit(0);
  }, STOP_WITHIN_MS).unref();
  await running.stop();
  return 0;
}

interface Running {
  /** Never rejects: a configuration that is refused leaves the running one in force. */
  reload(load: () => Promise<Config>): Promise<void>;
  stop(): Promise<void>;
}

/** What a reload replaces. */
interface Generation {
  readonly config: Config;
  readonly log: Logger;
  readonly monitor: Monitor;
  readonly publicApp: PublicApp;
}

/** Serves before NATS is asked for anything. @throws ListenError */
async function startService(firstConfig: Config, clock: Clock): Promise<Running> {
  const startedAt = clock.now();
  const output = createLogOutput();
  let draining = false;
  const events = createStatusEvents(createEventStreams({ maxStreams: mostEventStreams() }));

  const metrics = createDeferredMetrics();

  const readiness = {
    ready: () => current.monitor.hasPolled() || clock.now() - startedAt > current.config.poll.startGraceMs,
    draining: () => draining,
  };

  const build = (config: Config, previous?: Monitor): Generation => {
    const log = createLogger({ level: config.log.level, secrets: secretsOf(config), output });
    const monitor = createMonitor(config, { clock, log, recorder: metrics, memory: previous?.memory() });
    const publicApp = createPublicApp({
      components: config.components,
      store: monitor.store,
      history: monitor.history,
      everyMs: config.poll.everyMs,
      keepMs: config.history.keepMs,
      page: config.page,
      events,
      since: (componentId) => monitor.since(componentId),
      ageLimits: config.poll,
      readiness,
      clock,
      log,
    });
    return { config, log, monitor, publicApp };
  };
  const adminHandler = ({ monitor, log }: Generation): ReturnType<typeof createAdminApp> =>
    createAdminApp({
      inspect: () => monitor.inspect(),
      metrics: () => metrics.render(() => monitor.measure()),
      readiness,
      clock,
      log,
    });

  let current = build(firstConfig);
  const { log } = current;
  const publicServer = await startHttpServer(firstConfig.http, current.publicApp.handler, { log, clock });
  const adminServer = await startAdminServer(firstConfig, adminHandler(current), { log, clock }).catch(
    async (error: unknown) => {
      await publicServer.close();
      throw error;
    },
  );
  const servers = adminServer === undefined ? [publicServer] : [publicServer, adminServer];
  log.info({ event: 'listening', url: publicServer.url, admin_url: adminServer?.url }, 'listening');
  if (adminServer !== undefined) metrics.start();
  current.monitor.start();

  const replace = (config: Config): void => {
    const previous = current;
    current = build(config, previous.monitor);
    publicServer.use(current.publicApp.handler);
    adminServer?.use(adminHandler(current));
    previous.publicApp.dispose();
    previous.monitor.stop();
    current.monitor.start();
    if (listenersDiffer(config, firstConfig)) {
      current.log.warn({ event: 'reload' }, 'changed listeners take effect after a restart');
    }
    current.log.info({ event: 'reload' }, 'configuration reloaded');
  };

  return {
    async reload(load) {
      try {
        const config = await load();
        if (!draining) replace(config);
      } catch (error) {
        const problems = error instanceof ConfigError ? error.message : 'the configuration could not be read';
        current.log.error(
          { event: 'reload_refused', problems },
          'configuration refused, the running one stays',
        );
      }
    },
    async stop() {
      draining = true;
      current.log.info({ event: 'stopping' }, 'stopping');
      current.monitor.stop();
      events.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function startAdminServer(
  { admin }: Config,
  handler: ReturnType<typeof createAdminApp>,
  deps: Parameters<typeof startHttpServer>[2],
): Promise<HttpServer | undefined> {
  return admin.port === 0 ? undefined : await startHttpServer(admin, handler, deps);
}

function listenersDiffer(a: Config, b: Config): boolean {
  return [a.http, a.admin].some((listener, index) => {
    const other = [b.http, b.admin][index];
    return listener.host !== other?.host || listener.port !== other.port;
  });
}

/** The second signal to stop ends the process at once. */
async function firstStopSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(1);
      stopping = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
