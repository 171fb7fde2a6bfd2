// `npm run bench`: what serving an answer costs beside servers that write the same bytes. CPU time is compared and not
// speed, in interleaved rounds, on processes that have been through full garbage collections.
//   --rounds N     how often everything is measured; 7 by default, 5 at least
//   --requests N   requests per measurement; 6000 by default
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HOW_TO_INSTALL, provideNatsServer } from '../nats-server.mjs';
import { setUp } from '../setup.mjs';
import { exchange, headerOf, requestBytes } from './http/answers.mjs';
import { ALL, CASES, prepare } from './http/cases.mjs';
import { countMessages } from './http/messages.mjs';
import { startPeers } from './http/start-peers.mjs';
import { measureStarts } from './http/starts.mjs';
import { startNats } from './nats.mjs';
import { startProgram, startService } from './processes.mjs';
import { judged, judgementCells, median, table, writeResults } from './report.mjs';
import { createStops } from './stops.mjs';

/**
 * @typedef {import('./http/cases.mjs').PreparedCase} PreparedCase
 * @typedef {import('./http/start-peers.mjs').Server} Server
 * @typedef {{ cpuUs: number, perSecond: number, p50: number, p99: number }} Sample
 */

const { values } = parseArgs({ options: { rounds: { type: 'string' }, requests: { type: 'string' } } });
const ROUNDS = Math.max(5, Number(values.rounds ?? 7));
const REQUESTS = Number(values.requests ?? 6000);
const CONNECTIONS = 64;
const POLL_MS = 5000;
const STARTS = 7;

const { stops, stopAll } = createStops();
try {
  await bench();
} finally {
  await stopAll();
}

async function bench() {
  await setUp();
  const program = await provideNatsServer();
  if (program === undefined) throw new Error(HOW_TO_INSTALL);
  const nats = await startNats(program);
  stops.push(nats.stop);
  await createConsumers(nats.url, 10);
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-bench-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));

  say('starting the service with 3 and with 10 components, and what it is compared with');
  const configs = {
    three: await writeConfig(folder, nats.url, 3),
    ten: await writeConfig(folder, nats.url, 10),
  };
  const services = { three: await startFresh(configs.three), ten: await startFresh(configs.ten) };
  const all = await Promise.all(CASES.map((one) => prepare(one, services[one.components].port)));
  const cases = all.filter(({ isThere }) => isThere);
  const naive = { natsUrl: nats.url, consumers: ['BENCH.c0', 'BENCH.c1', 'BENCH.c2'] };
  const peers = await startPeers(cases, naive);
  stops.push(...peers.map(({ stop }) => stop));
  if (peers.every(({ name }) => name !== 'nginx')) say('nginx is not installed: there are no rows about it');
  const servers = [...Object.entries(services).map((entry) => serverOf(...entry, cases)), ...peers];

  const samples = await measureAll(cases, servers);
  say('messages that nats-server receives, idle and under load');
  const messages = await countMessages(
    async () => (await nats.traffic()).messagesIn,
    POLL_MS,
    (ms) => loadFor(ms, cases, servers),
  );
  say('starts');
  const starts = await measureStarts(configs.three, STARTS);
  await report({ all, samples, messages, starts });
}

/** @param {string} url @param {number} count */
async function createConsumers(url, count) {
  const { connect } = await import('nats');
  const connection = await connect({ servers: url });
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'BENCH', subjects: ['bench.>'] });
  for (let index = 0; index < count; index++) {
    await manager.consumers.add('BENCH', {
      durable_name: `c${index}`,
      filter_subject: `bench.${index}`,
      ack_policy: /** @type {import('nats').AckPolicy} */ ('explicit'),
    });
  }
  await connection.close();
}

/** @param {string} folder @param {string} natsUrl @param {number} components */
async function writeConfig(folder, natsUrl, components) {
  const file = join(folder, `${components}.yaml`);
  const entries = Array.from({ length: components }, (_, index) => [
    `c${index}`,
    {
      name: `Component number ${index}`,
      // Nobody works here, which is as it should be while there is nothing to do.
      consumers: [{ stream: 'BENCH', consumer: `c${index}`, expect_pullers: 'when_due' }],
    },
  ]);
  const config = {
    nats: { url: natsUrl },
    poll: { every: `${POLL_MS / 1000}s` },
    http: { host: '127.0.0.1', port: 0 },
    admin: { port: 0 },
    components: Object.fromEntries(entries),
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** @param {string} configFile */
async function startFresh(configFile) {
  const service = await startService(configFile);
  stops.push(service.stop);
  for (let tries = 0; tries < 500; tries++) {
    const { headers, body } = await exchange(service.port, requestBytes(ALL));
    if (headerOf(headers, 'x-snapshot-state') === 'fresh' && body.includes('"overall":"up"')) return service;
    await sleep(20);
  }
  throw new Error('the service has no fresh figures');
}

/**
 * @param {string} components @param {Awaited<ReturnType<typeof startFresh>>} service
 * @param {readonly PreparedCase[]} cases
 * @returns {Server}
 */
function serverOf(components, { port, usage, age, stop }, cases) {
  const served = cases.filter((one) => one.components === components).map(({ name }) => name);
  return {
    name: 'service',
    port,
    cpuMs: async () => (await usage()).cpuMs,
    age,
    stop,
    cases: served,
    share: 1,
  };
}

/**
 * @param {readonly PreparedCase[]} cases @param {readonly Server[]} servers
 * @returns {Promise<Map<string, Sample[]>>} by `SERVER: CASE`, one sample per round
 */
async function measureAll(cases, servers) {
  const load = await startProgram(new URL('load.mjs', import.meta.url));
  stops.push(load.stop);
  const serversFor = (/** @type {PreparedCase} */ { name }) =>
    servers.filter((server) => server.cases.includes(name));
  for (const one of cases) for (const server of serversFor(one)) await measure(load, one, server);
  for (const server of servers) await server.age();
  /** @type {Map<string, Sample[]>} */
  const samples = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    for (const one of cases) {
      const asked = serversFor(one);
      // Each goes first in some round.
      for (const server of [...asked.slice(round % asked.length), ...asked.slice(0, round % asked.length)]) {
        const key = `${server.name}: ${one.name}`;
        samples.set(key, [...(samples.get(key) ?? []), await measure(load, one, server)]);
      }
    }
  }
  return samples;
}

/**
 * @param {Awaited<ReturnType<typeof startProgram>>} load @param {PreparedCase} one @param {Server} server
 * @returns {Promise<Sample>}
 */
async function measure(load, { request, code }, { name, port, cpuMs, share }) {
  const requests = Math.ceil(REQUESTS * share);
  const before = (await cpuMs()) ?? NaN;
  const outcome = await load.ask({ load: { port, request, code, connections: CONNECTIONS, requests } });
  if (outcome.error !== undefined) throw new Error(`${name}: ${outcome.error}`);
  const cpuUs = (((await cpuMs()) ?? NaN) - before) * (1000 / requests);
  return { cpuUs, perSecond: outcome.perSecond, p50: outcome.p50, p99: outcome.p99 };
}

/** @param {number} ms @param {readonly PreparedCase[]} cases @param {readonly Server[]} servers */
async function loadFor(ms, cases, servers) {
  const load = await startProgram(new URL('load.mjs', import.meta.url));
  const endsAt = performance.now() + ms * 0.95;
  let requests = 0;
  try {
    while (performance.now() < endsAt) {
      for (const one of cases) {
        const server = servers.find(
          ({ name, cases: served }) => name === 'service' && served.includes(one.name),
        );
        if (server === undefined || performance.now() >= endsAt) continue;
        await measure(load, one, { ...server, share: 0.25 });
        requests += Math.ceil(REQUESTS * 0.25);
      }
    }
  } finally {
    await load.stop();
  }
  return requests;
}

/**
 * @param {{
 *   all: readonly PreparedCase[],
 *   samples: ReadonlyMap<string, Sample[]>,
 *   messages: Awaited<ReturnType<typeof countMessages>>,
 *   starts: Awaited<ReturnType<typeof measureStarts>>,
 * }} results
 */
async function report({ all, samples, messages, starts }) {
  /** @type {{ what: string, sample: Partial<Sample>, comparedWith: string, ratio: ReturnType<typeof judged> | undefined, note?: string }[]} */
  const rows = [];
  /** @param {string} key @param {string} reference @param {number} [goal] */
  const compare = (key, reference, goal) => {
    const taken = samples.get(key) ?? [];
    const references = samples.get(reference) ?? [];
    rows.push({
      what: key,
      sample: Object.fromEntries(
        /** @type {const} */ (['cpuUs', 'perSecond', 'p50', 'p99']).map((name) => [
          name,
          median(taken.map((sample) => sample[name])),
        ]),
      ),
      comparedWith: reference,
      ratio:
        key === reference
          ? undefined
          : judged(
              taken.map(({ cpuUs }, round) => cpuUs / (references[round]?.cpuUs ?? NaN)),
              goal,
            ),
    });
  };
  for (const { name, goals, isThere } of all) {
    if (!isThere) {
      rows.push({ what: `service: ${name}`, sample: {}, comparedWith: 'not there', ratio: undefined });
      continue;
    }
    for (const [reference, goal] of Object.entries(goals)) {
      compare(`service: ${name}`, reference.includes(':') ? reference : `${reference}: ${name}`, goal);
    }
    if (goals.bare === undefined) compare(`service: ${name}`, `bare: ${name}`);
    for (const peer of ['bare', 'fastify', 'nginx', 'naive']) {
      if (samples.has(`${peer}: ${name}`)) compare(`${peer}: ${name}`, `bare: ${name}`);
    }
  }
  const { idle, loaded, requests, seconds } = messages;
  rows.push({
    what: `messages in ${seconds} s: ${idle} idle, ${loaded} with ${requests} requests`,
    ...{ sample: {}, comparedWith: 'per 1,000 requests' },
    ratio: judged([(Math.max(0, loaded - idle) * 1000) / requests], 0),
  });
  rows.push({
    what: `start to listening: ${median(starts.service).toFixed(0)} ms`,
    ...{ sample: {}, comparedWith: `node -e 0: ${median(starts.node).toFixed(0)} ms` },
    ratio: judged(
      starts.service.map((ms, turn) => ms / (starts.node[turn] ?? NaN)),
      3.5,
    ),
  });

  const head = [
    'server: question',
    'CPU us',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'against',
    'ratio',
    'goal',
    '',
  ];
  const number = (/** @type {number | undefined} */ value, /** @type {number} */ digits) =>
    value === undefined || Number.isNaN(value) ? '' : value.toFixed(digits);
  const cells = rows.map(({ what, sample: { cpuUs, perSecond, p50, p99 }, comparedWith, ratio }) => [
    ...[what, number(cpuUs, 1), number(perSecond, 0), number(p50, 2), number(p99, 2), comparedWith],
    ...(ratio === undefined ? [] : judgementCells(ratio)),
  ]);
  process.stdout.write(`
CPU of the process per request, ${CONNECTIONS} connections, median of ${ROUNDS} interleaved rounds of ${REQUESTS} requests, aged
processes; requests/s and latencies are those that this load, on the same cores, gets out of it.\n
${table(head, cells)}\n`);
  const missed = rows.filter(({ ratio }) => ratio?.met === false);
  process.stdout.write(
    missed.length === 0 ? '\nevery goal is met\n' : `\n${missed.length} goals are missed\n`,
  );
  await writeResults('http', { rounds: ROUNDS, requestsPerMeasurement: REQUESTS, rows, messages, starts });
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
