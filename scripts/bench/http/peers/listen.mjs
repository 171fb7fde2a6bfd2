/**
 * An answer to give: `headers` and `notModifiedHeaders` flat, the age last when there is one.
 *
 * @typedef {object} PeerAnswer
 * @property {string} target
 * @property {number} code
 * @property {string[]} headers
 * @property {string[]} notModifiedHeaders
 * @property {string | undefined} etag
 * @property {boolean} hasAge
 * @property {string} body
 */

/** As the service has them: they show in the headers that Node adds. */
export const KEEP_ALIVE = { keepAliveTimeout: 65_000, maxRequestsPerSocket: 1000 };

/**
 * Serves the answers that the bench sends and tells it the port.
 *
 * @param {(answers: readonly PeerAnswer[]) => import('node:http').Server | Promise<import('node:http').Server>} create
 */
export function listen(create) {
  process.on('message', async (message) => {
    const { id, answers } = /** @type {{ id: number, answers?: PeerAnswer[] }} */ (message);
    if (answers === undefined) return;
    const server = await create(answers);
    Object.assign(server, KEEP_ALIVE);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      process.send?.({ id, answer: typeof address === 'object' ? address?.port : undefined });
    });
  });
  process.on('SIGTERM', () => process.exit(0));
  process.channel?.ref();
  process.send?.({ ready: true });
}
