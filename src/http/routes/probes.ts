import { live, ready } from '../../render/shapes.js';
import type { Route } from '../app.js';
import { constantJson, sendConstant } from '../constant-answer.js';
import { JSON_TYPE } from '../headers.js';

export interface Readiness {
  /** The first round has ended, or the start grace is over. */
  ready(): boolean;
  /** The process is on its way out. */
  draining(): boolean;
}

const LIVE = constantJson(200, { live: true });
const READY = constantJson(200, { ready: true });
const NOT_READY = constantJson(503, { ready: false });

/** For orchestrators: `/livez` as long as the event loop turns, `/readyz` while traffic should come here. */
export function probeRoutes(readiness: Readiness): Route[] {
  return [
    {
      path: '/livez',
      operation: {
        summary: '200 as long as the process runs; never depends on NATS',
        type: JSON_TYPE,
        shape: live,
      },
      find: () => (req, res) => {
        sendConstant(req, res, LIVE);
      },
    },
    {
      path: '/readyz',
      operation: {
        summary: '200 once the first round of questions has ended',
        type: JSON_TYPE,
        shape: ready,
        unavailable: { why: 'It has not, or the service is about to stop', shape: ready },
      },
      find: () => (req, res) => {
        sendConstant(req, res, readiness.ready() && !readiness.draining() ? READY : NOT_READY);
      },
    },
  ];
}
