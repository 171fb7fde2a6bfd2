import type { Route } from '../app.js';
import { bodyHeaders, JSON_TYPE, NO_STORE, PRIVATE_HEADERS } from '../headers.js';

/**
 * Every consumer's last reading and the evidence behind the verdicts, for the operator. Streams and consumers are
 * named here, secrets are not.
 *
 * @param inspect gives any value that can be JSON
 */
export function debugRoute(inspect: () => unknown): Route {
  return {
    path: '/debug/consumers',
    find: () => (req, res) => {
      const body = `${JSON.stringify(inspect(), null, 2)}\n`;
      res.writeHead(200, [...bodyHeaders(JSON_TYPE, body), ...NO_STORE, ...PRIVATE_HEADERS]);
      res.end(req.method === 'HEAD' ? undefined : body);
    },
  };
}
