import type { RequestListener } from 'node:http';
import type { Logger } from '../logger.js';
import type { History } from '../snapshots/history.js';
import type { PageIdentity } from '../render/statuspage.js';
import { createApp } from './app.js';
import { BADGE_VIEWS } from './routes/badge.js';
import { eventsRoute } from './routes/events.js';
import { historyView } from './routes/history.js';
import { openapiRoute } from './routes/openapi.js';
import { createPage } from './routes/page.js';
import { probeRoutes } from './routes/probes.js';
import type { Readiness } from './routes/probes.js';
import { COMPONENT_STATUS, PLATFORM_STATUS } from './routes/status.js';
import { statuspageViews } from './routes/statuspage.js';
import type { StatusEvents } from './status-events.js';
import { createViewResponders } from './view-responders.js';
import type { StatusDeps } from './view-responders.js';

export interface PublicAppDeps extends StatusDeps {
  readonly history: Pick<History, 'samples' | 'visit' | 'oldest'>;
  /** Poll interval, ms. */
  readonly everyMs: number;
  /** How far back the history goes, ms. */
  readonly keepMs: number;
  readonly page: PageIdentity;
  readonly events: StatusEvents;
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
  const views = createViewResponders(deps, {
    ofComponent: [COMPONENT_STATUS, historyView(deps.history, deps.everyMs), ...BADGE_VIEWS],
    ofPlatform: [PLATFORM_STATUS, ...statuspageViews(deps.page)],
  });
  const page = createPage({ ...deps, title: deps.page.title });
  const unfollow = deps.events.follow(deps);
  const routes = [...page.routes, ...views.routes, eventsRoute(deps.events), ...probeRoutes(deps.readiness)];
  const ids = deps.components.map(({ id }) => id);
  const handler = createApp({
    routes: [...routes, openapiRoute(routes, ids)],
    hot: new Map([...views.hot, ...page.hot]),
    log: deps.log,
    clock: deps.clock,
  });
  return {
    handler,
    dispose: () => {
      views.dispose();
      page.dispose();
      unfollow();
    },
  };
}
