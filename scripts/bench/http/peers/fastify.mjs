// Fastify as one would use it for this: a route, the prepared headers as an object, the prepared body.
import fastify from 'fastify';
import { listen } from './listen.mjs';

listen(async (answers) => {
  const app = fastify();
  for (const path of new Set(answers.map(({ target }) => pathOf(target)))) {
    const ofPath = answers.filter(({ target }) => pathOf(target) === path);
    const [plain] = ofPath.filter(({ target }) => target === path).map(prepared);
    const [strict] = ofPath.filter(({ target }) => target !== path).map(prepared);
    app.get(path, (request, reply) => {
      const query = /** @type {Record<string, unknown>} */ (request.query);
      const answer = 'strict' in query ? (strict ?? plain) : plain;
      if (answer === undefined) return reply.callNotFound();
      const isKnown = answer.etag !== undefined && request.headers['if-none-match'] === answer.etag;
      const headers = isKnown ? answer.notModifiedHeaders : answer.headers;
      if (answer.hasAge)
        headers['X-Snapshot-Age'] = ((performance.now() - answer.startedAt) / 1000).toFixed(3);
      reply.code(isKnown ? 304 : answer.code).headers(headers);
      return reply.send(isKnown ? undefined : answer.body);
    });
  }
  await app.ready();
  return app.server;
});

/** @param {import('./listen.mjs').PeerAnswer} answer */
function prepared(answer) {
  return {
    ...answer,
    startedAt: performance.now(),
    headers: byName(answer.headers),
    notModifiedHeaders: byName(answer.notModifiedHeaders),
  };
}

/** @param {readonly string[]} flat @returns {Record<string, string>} */
function byName(flat) {
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : [])));
}

/** @param {string} target */
function pathOf(target) {
  return target.split('?', 1)[0] ?? '';
}
