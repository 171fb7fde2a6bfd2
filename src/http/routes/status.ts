import type { Route } from '../app.js';
import type { Responder } from '../responder.js';
import type { StatusResponders } from '../status-responders.js';

const ALL = '/api/v2/status';

/** The status of one component and of all, with their forms `?strict`. */
export function statusRoutes({ byId, all }: StatusResponders): Route[] {
  return [
    { path: ALL, find: () => all },
    { path: `${ALL}/:component`, find: ({ component = '' }) => byId.get(component) },
  ];
}

/** The same resources by their exact paths. */
export function hotStatusPaths({ byId, all }: StatusResponders): ReadonlyMap<string, Responder> {
  return new Map([[ALL, all], ...Array.from(byId, ([id, respond]) => [`${ALL}/${id}`, respond] as const)]);
}
