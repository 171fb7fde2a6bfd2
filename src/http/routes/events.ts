import type { Operation } from '../../render/openapi.js';
import type { Route } from '../app.js';
import { EVENT_STREAM_TYPE } from '../headers.js';
import type { StatusEvents } from '../status-events.js';

const OPERATION: Operation = {
  summary:
    'Server-sent events: one `status` per component at the start and whenever it changes; the data is a component' +
    ' as in `/api/v2/status`',
  type: EVENT_STREAM_TYPE,
  unavailable: { why: 'So many streams are open that no other can be, or the service is about to stop' },
};

/** What changes, as it changes. */
export function eventsRoute({ respond }: Pick<StatusEvents, 'respond'>): Route {
  return { path: '/api/v2/events', operation: OPERATION, find: () => respond };
}
