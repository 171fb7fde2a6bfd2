import { createServer } from 'node:http';

/** @typedef {{ paths: Record<string, { get: { summary: string } }> }} ApiDocument */

/**
 * The description of the API, asked for where it is served: nothing else in the app is needed for it.
 *
 * @param {(deps: any) => { handler: import('node:http').RequestListener }} createPublicApp
 * @returns {Promise<ApiDocument>}
 */
export async function readApiDocument(createPublicApp) {
  const nothing = () => undefined;
  const { handler } = createPublicApp({
    components: [],
    store: { latest: nothing, subscribe: () => nothing },
    history: { samples: () => [] },
    events: { respond: nothing, follow: () => nothing, close: nothing },
    page: { title: '', url: undefined },
    readiness: { ready: () => true, draining: () => false },
    clock: { now: () => 0 },
    log: console,
  });
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const response = await fetch(`http://127.0.0.1:${port}/openapi.json`);
  const document = /** @type {ApiDocument} */ (await response.json());
  server.closeAllConnections();
  server.close();
  return document;
}
