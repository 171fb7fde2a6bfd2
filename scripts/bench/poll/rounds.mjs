import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, headerOf, requestBytes } from '../http/answers.mjs';

/**
 * @typedef {object} Watched
 * @property {Awaited<ReturnType<typeof import('../nats.mjs').startNats>>} nats
 * @property {Awaited<ReturnType<typeof import('../processes.mjs').startService>>} service that polls
 * @property {Awaited<ReturnType<typeof import('../processes.mjs').startService>>} still service that does not
 * @property {Awaited<ReturnType<typeof import('../processes.mjs').startProgram>>} list
 * @property {Awaited<ReturnType<typeof import('../processes.mjs').startProgram>>} load
 * @property {number} everyMs
 *
 * @typedef {{ cpuMs: number, serverMs: number, requests: number, bytes: number }} Cost of one round
 * @typedef {object} RoundSample
 * @property {Cost} service
 * @property {Cost & { wallMs: number }} list
 * @property {number} wallMs of a round of the service, from its first question to its last verdict
 * @property {number} stallMs longest delay of the service's event loop while it polled
 * @property {number} p99 of HTTP in ms while it polled
 * @property {number} p99Still of a service that does not poll, while nobody does
 * @property {number} p99Beside of the same while the other one polls: what sharing the machine alone costs
 */

const ALL = requestBytes('/api/v2/status');
const LEAD_MS = 120;
/** Many times an interval: rounds that do not end in theirs never tell newer figures. */
const FIGURES_WITHIN_MS = 60_000;
const LOAD = { request: ALL, code: 200, connections: 8, perSecond: 500 };

/**
 * Three rounds of the service: the first is left alone and tells what it costs, and while it rests the bare list is
 * read; in the second requests come in all the time, in a third they go to the service that does not poll.
 *
 * @param {Watched} watched @returns {Promise<RoundSample>}
 */
export async function measureRound(watched) {
  const { nats, service, still, list, load, everyMs } = watched;
  const first = await nextTick(service.port, everyMs);
  const before = await costSoFar(watched);
  await roundAfter(service.port, first);
  const cost = difference(before, await costSoFar(watched));

  const beforeList = await serverCost(nats);
  const pass = await list.ask({ pass: true });
  const ofList = {
    ...difference({ ...beforeList, cpuMs: 0 }, { ...(await serverCost(nats)), cpuMs: pass.cpuMs }),
  };

  const second = await nextTick(service.port, everyMs);
  await service.stalls('watchStalls');
  await service.stalls('stall');
  const requests = (LOAD.perSecond * everyMs * 0.6) / 1000;
  const polled = await load.ask({ load: { ...LOAD, port: service.port, requests } });
  const stallMs = await service.stalls('stall');
  await service.stalls('unwatchStalls');
  await roundAfter(service.port, second);
  // Between two rounds of the other one, so that both have the machine to themselves.
  const quiet = await load.ask({ load: { ...LOAD, port: still.port, requests: Math.floor(requests / 2) } });
  const third = await nextTick(service.port, everyMs);
  const beside = await load.ask({ load: { ...LOAD, port: still.port, requests } });
  await roundAfter(service.port, third);
  return {
    service: cost,
    list: { ...ofList, wallMs: pass.wallMs },
    wallMs: polled.roundMs ?? NaN,
    stallMs,
    p99: polled.p99,
    p99Still: quiet.p99,
    p99Beside: beside.p99,
  };
}

/** Shortly before the next round, when the last one is over. @param {number} port @param {number} everyMs */
async function nextTick(port, everyMs) {
  // Rounds begin at whole seconds, as the schedule does.
  const phase = Math.floor(((await snapshotTime(port)) ?? 0) / 1000) * 1000;
  let tick = phase + Math.ceil((Date.now() + LEAD_MS + 30 - phase) / everyMs) * everyMs;
  if (Number.isNaN(tick)) tick = Date.now() + everyMs;
  await sleep(tick - LEAD_MS - Date.now());
  return tick;
}

/** Waits until all components have figures of the round that began at `tick`. @param {number} port @param {number} tick */
export async function roundAfter(port, tick) {
  await sleep(Math.max(0, tick + 100 - Date.now()));
  while (((await snapshotTime(port)) ?? 0) < tick) {
    if (Date.now() > tick + FIGURES_WITHIN_MS) throw new Error('the service has no newer figures');
    await sleep(50);
  }
}

/** The oldest component's. @param {number} port */
export async function snapshotTime(port) {
  const { headers } = await exchange(port, ALL);
  const time = headerOf(headers, 'x-snapshot-time');
  return time === undefined ? undefined : Date.parse(time);
}

/** @param {Watched} watched @returns {Promise<Cost>} */
async function costSoFar({ nats, service }) {
  return { ...(await serverCost(nats)), cpuMs: (await service.usage()).cpuMs };
}

/** @param {Watched['nats']} nats */
async function serverCost(nats) {
  const { messagesIn, bytesIn, bytesOut } = await nats.traffic();
  return { serverMs: nats.cpuMs(), requests: messagesIn, bytes: bytesIn + bytesOut };
}

/** @param {Cost} before @param {Cost} after @returns {Cost} */
function difference(before, after) {
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    serverMs: after.serverMs - before.serverMs,
    requests: after.requests - before.requests,
    bytes: after.bytes - before.bytes,
  };
}
