import type { RequestListener } from 'node:http';
import type { Logger } from '../logger.js';
import { createApp } from './app.js';
import { probeRoutes } from './routes/probes.js';
import type { Readiness } from './routes/probes.js';
import { hotStatusPaths, statusRoutes } from './routes/status.js';
import { createStatusResponders } from './status-responders.js';
import type { StatusDeps } from './status-responders.js';

export interface PublicAppDeps extends StatusDeps {
  readonly readiness: Readiness;
  readonly log: Pick<Logger, 'error'>;
}

export interface PublicApp {
  readonly handler: RequestListener;
  /** Lets go of the store, when another app has taken this one's place. */
  dispose(): void;
}

/** What everybody may ask. Answers come from memory alone: nothing here reaches NATS or waits for a poll. */
export function createPublicApp(deps: PublicAppDeps): PublicApp {
  const status = createStatusResponders(deps);
  const handler = createApp({
    routes: [...statusRoutes(status), ...probeRoutes(deps.readiness)],
    hot: hotStatusPaths(status),
    log: deps.log,
    clock: deps.clock,
  });
  return {
    handler,
    dispose: () => {
      status.dispose();
    },
  };
}
