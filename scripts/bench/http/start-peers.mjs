import { startProgram } from '../processes.mjs';
import { exchange, timeless } from './answers.mjs';
import { startNginx } from './peers/nginx.mjs';

/**
 * A server whose answers are measured.
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {number} port
 * @property {() => Promise<number | undefined>} cpuMs used so far
 * @property {() => Promise<unknown>} age
 * @property {() => Promise<unknown>} stop
 * @property {readonly string[]} cases by name
 * @property {number} share of the requests that it is given
 */

/** It takes some twenty times as long as the others. */
const SHARE_OF_NAIVE = 0.1;

/**
 * Starts what the service is compared with, each in a process of its own.
 *
 * @param {readonly import('./cases.mjs').PreparedCase[]} cases
 * @param {{ natsUrl: string, consumers: readonly string[] }} naive what the naive handler asks
 */
export async function startPeers(cases, { natsUrl, consumers }) {
  const ofThree = cases.filter(({ components }) => components === 'three');
  const servers = [
    await startPeer('bare', ofThree),
    await startPeer(
      'bare',
      cases.filter(({ components }) => components === 'ten'),
    ),
    await startPeer('fastify', ofThree),
    { ...(await startPeer('naive', cases.slice(0, 1), [natsUrl, ...consumers])), share: SHARE_OF_NAIVE },
  ];
  // Neither the page, whose policy has quotes and braces, nor what depends on the query.
  const asFiles = ofThree.filter(({ name }) => ['200', 'HEAD', 'all of 3', 'summary'].includes(name));
  const nginx = await startNginx(asFiles.map(({ peerAnswer }) => peerAnswer));
  if (nginx === undefined) return servers;
  return [...servers, { name: 'nginx', ...nginx, cases: asFiles.map(({ name }) => name), share: 1 }];
}

/**
 * @param {'bare' | 'fastify' | 'naive'} name
 * @param {readonly import('./cases.mjs').PreparedCase[]} cases
 * @param {readonly string[]} [args]
 * @returns {Promise<Server>}
 */
async function startPeer(name, cases, args) {
  const peer = await startProgram(new URL(`peers/${name}.mjs`, import.meta.url), args);
  const port = await peer.ask({ answers: cases.map(({ peerAnswer }) => peerAnswer) });
  const server = {
    ...{ name, port, age: peer.age, stop: peer.stop, cases: cases.map((one) => one.name), share: 1 },
    cpuMs: async () => (await peer.usage()).cpuMs,
  };
  if (name !== 'naive') for (const one of cases) await mustAnswerTheSame(server, one);
  return server;
}

/**
 * A comparison with another answer would compare nothing.
 *
 * @param {{ name: string, port: number }} server @param {import('./cases.mjs').PreparedCase} one
 */
async function mustAnswerTheSame({ name, port }, { name: question, request, expected }) {
  const answer = timeless(await exchange(port, request));
  if (answer === expected) return;
  throw new Error(`${name} answers ${question} with\n${answer}\n--- instead of\n${expected}`);
}
