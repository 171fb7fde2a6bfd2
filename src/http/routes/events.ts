import type { Route } from '../app.js';
import type { StatusEvents } from '../status-events.js';

/** What changes, as it changes. */
export function eventsRoute({ respond }: Pick<StatusEvents, 'respond'>): Route {
  return { path: '/api/v2/events', find: () => respond };
}
