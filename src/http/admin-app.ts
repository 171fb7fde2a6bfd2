import type { RequestListener } from 'node:http';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import { createApp } from './app.js';
import { debugRoute } from './routes/debug.js';
import type { RenderedMetrics } from './routes/metrics.js';
import { metricsRoute } from './routes/metrics.js';
import { probeRoutes } from './routes/probes.js';
import type { Readiness } from './routes/probes.js';

export interface AdminAppDeps {
  /** Any value that can be JSON, without secrets. */
  readonly inspect: () => unknown;
  readonly metrics: () => Promise<RenderedMetrics>;
  readonly readiness: Readiness;
  readonly log: Pick<Logger, 'error'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What the operator may ask: names of streams and consumers show here, so it belongs on a listener of its own. */
export function createAdminApp({ inspect, metrics, readiness, log, clock }: AdminAppDeps): RequestListener {
  return createApp({
    routes: [...probeRoutes(readiness), debugRoute(inspect), metricsRoute(metrics)],
    hot: new Map(),
    log,
    clock,
  });
}
