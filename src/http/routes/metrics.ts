import type { Route } from '../app.js';
import { bodyHeaders, NO_STORE, PRIVATE_HEADERS } from '../headers.js';

/** What a metrics route sends. */
export interface RenderedMetrics {
  readonly type: string;
  readonly body: string;
}

/** For Prometheus and whatever reads its text format. Streams and consumers are named here. */
export function metricsRoute(render: () => Promise<RenderedMetrics>): Route {
  return {
    path: '/metrics',
    find: () => async (req, res) => {
      const { type, body } = await render();
      res.writeHead(200, [...bodyHeaders(type, body), ...NO_STORE, ...PRIVATE_HEADERS]);
      res.end(req.method === 'HEAD' ? undefined : body);
    },
  };
}
