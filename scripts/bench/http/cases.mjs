import { exchange, headerOf, ownHeaders, requestBytes, timeless } from './answers.mjs';

export const PLAIN = '/api/v2/status/c0';
export const ALL = '/api/v2/status';

/**
 * A question with what its answer is compared with: `service: NAME` is the service's own answer to another one.
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {string} target
 * @property {'three' | 'ten'} components of the service that is asked
 * @property {string} [method]
 * @property {boolean} [conditional]
 * @property {Readonly<Record<string, number>>} goals by reference the largest ratio
 */

/** @type {readonly Case[]} */
export const CASES = [
  { name: '200', target: PLAIN, components: 'three', goals: { bare: 1.15, fastify: 1 } },
  { name: '304', target: PLAIN, components: 'three', conditional: true, goals: { bare: 1.15, fastify: 1 } },
  { name: 'HEAD', target: PLAIN, components: 'three', method: 'HEAD', goals: { 'service: 200': 1.2 } },
  { name: '?strict', target: `${PLAIN}?strict`, components: 'three', goals: { 'service: 200': 1.2 } },
  { name: 'all of 3', target: ALL, components: 'three', goals: { 'service: 200': 1.2 } },
  { name: 'all of 10', target: ALL, components: 'ten', goals: { 'service: 200': 1.6 } },
  { name: 'summary', target: '/api/v2/summary.json', components: 'three', goals: { 'service: 200': 1.2 } },
  { name: 'page', target: '/', components: 'three', goals: { bare: 1.15 } },
];

/** @typedef {Awaited<ReturnType<typeof prepare>>} PreparedCase */

/**
 * What the service answers, so that others can answer the same.
 *
 * @param {Case} one @param {number} port of the service
 */
export async function prepare(one, port) {
  const answer = await exchange(port, requestBytes(one.target));
  const etag = headerOf(answer.headers, 'etag');
  const notModified = etag === undefined ? answer : await exchange(port, requestBytes(one.target, { etag }));
  const request = requestBytes(one.target, {
    method: one.method ?? 'GET',
    etag: one.conditional === true ? etag : undefined,
  });
  const { code } = await exchange(port, request);
  return {
    ...one,
    isThere: answer.code === 200,
    request,
    code,
    expected: timeless(await exchange(port, request)),
    peerAnswer: {
      target: one.target,
      code: answer.code,
      headers: ownHeaders(answer),
      notModifiedHeaders: ownHeaders(notModified),
      etag,
      hasAge: headerOf(answer.headers, 'x-snapshot-age') !== undefined,
      body: answer.body,
    },
  };
}
