import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNats } from '../nats.mjs';
import { startService } from '../processes.mjs';
import { median } from '../report.mjs';
import { consumersOf, createConsumers, STREAMS } from './consumers.mjs';
import { snapshotTime } from './rounds.mjs';

const CONSUMERS = 1000;
const EVERY_MS = 5000;
const SERVERS = 3;

/**
 * Rounds against three servers: all of them up, one killed, one stopped. Of each round: how long it took and how many
 * of the consumers it read that answer other questions at its beginning and at its end.
 *
 * @param {string} program @param {(line: string) => void} say @param {(() => Promise<unknown>)[]} stops
 */
export async function benchCluster(program, say, stops) {
  say('a cluster of three servers, 1,000 consumers with 3 replicas');
  const servers = await startCluster(program);
  stops.push(...servers.map(({ stop }) => stop));
  const [first, second, third] = servers;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('there is no cluster');
  await createConsumers(first.url, { consumers: CONSUMERS, replicas: SERVERS });
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-bench-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'config.yaml');
  // Connected to a server that stays: what the loss of one's own connection does is another matter.
  await writeFile(file, JSON.stringify(configFor(first.url)));
  const service = await startService(file);
  stops.push(service.stop);
  const others = await connectTo(first.url);
  stops.push(() => others.close());

  /** @type {{ phase: string, rounds: RoundReport[] }[]} */
  const phases = [];
  const watch = async (/** @type {string} */ phase, /** @type {number} */ rounds, fault = () => {}) => {
    say(`cluster: ${phase}`);
    await shortlyBeforeARound(service.port);
    fault();
    phases.push({ phase, rounds: await watchRounds(service, others, rounds) });
  };
  await sleep(2 * EVERY_MS);
  await watch('all up', 5);
  await watch('one killed', 8, () => third.child.kill('SIGKILL'));
  await third.restart();
  say('cluster: waiting until it has caught up');
  await sleep(30_000);
  await watch('all up again', 2);
  // Not the one that was killed: it leads nothing now.
  await watch('one stopped', 8, () => second.child.kill('SIGSTOP'));
  second.child.kill('SIGCONT');

  const missed = phases.flatMap(({ rounds }) => rounds).filter(({ met }) => !met).length;
  return {
    ...{ phases, missed },
    head: ['phase', 'round', 'ended within', 'read', 'reachable', 'goal', ''],
    cells: phases.flatMap(({ phase, rounds }) =>
      rounds.map(({ wallMs, read, reachable, met }, index) => [
        ...[phase, String(index + 1), `${(wallMs / 1000).toFixed(2)} s`, String(read), String(reachable)],
        ...[`all reachable, < ${EVERY_MS / 1000} s`, met ? 'met' : 'MISSED'],
      ]),
    ),
    medianMs: Object.fromEntries(
      phases.map(({ phase, rounds }) => [phase, median(rounds.map(({ wallMs }) => wallMs))]),
    ),
  };
}

/** Rounds begin at whole seconds, one of each interval. @param {number} port */
async function shortlyBeforeARound(port) {
  const phase = Math.floor(((await snapshotTime(port)) ?? 0) / 1000) * 1000;
  const tick = phase + Math.ceil((Date.now() + 250 - phase) / EVERY_MS) * EVERY_MS;
  await sleep(tick - 200 - Date.now());
}

/** @typedef {{ wallMs: number, read: number, reachable: number, met: boolean }} RoundReport */

/**
 * Follows the rounds from outside: `/debug/consumers` says how long ago each consumer was read, and failed to be read.
 *
 * @param {Awaited<ReturnType<typeof startService>>} service
 * @param {Awaited<ReturnType<typeof connectTo>>} others @param {number} rounds
 * @returns {Promise<RoundReport[]>}
 */
async function watchRounds({ adminUrl }, others, rounds) {
  /** @type {RoundReport[]} */
  const reports = [];
  let endsAt = Date.now() + EVERY_MS;
  let before = await readings(adminUrl);
  for (let round = 0; round < rounds; round++) {
    // Leaders are elected in between: who answers at the end only was not there to be read.
    const atFirst = new Set(await others.reachable());
    await sleep(Math.max(0, endsAt - Date.now() - 1200));
    const reachable = (await others.reachable()).filter((key) => atFirst.has(key));
    await sleep(Math.max(0, endsAt - Date.now()));
    endsAt += EVERY_MS;
    const now = await readings(adminUrl);
    const newer = [...now].filter(([key, at]) => at > (before.get(key) ?? -Infinity) + 50);
    const moments = newer.map(([, at]) => at);
    // From the first question to the last that was answered.
    const wallMs = moments.length === 0 ? NaN : Math.max(...moments) - Math.min(...moments);
    const read = new Set(newer.map(([key]) => key));
    const unread = reachable.filter((key) => !read.has(key)).length;
    before = now;
    reports.push({
      ...{ wallMs, read: read.size, reachable: reachable.length },
      met: unread === 0 && wallMs < EVERY_MS,
    });
  }
  return reports;
}

/** When each consumer was last asked with success, on the clock of this process. @param {string} adminUrl */
async function readings(adminUrl) {
  const answer = await fetch(`${adminUrl}/debug/consumers`);
  const { components } =
    /** @type {{ components: { consumers: { stream: string, consumer: string, last_read_seconds_ago: number | null }[] }[] }} */ (
      await answer.json()
    );
  const now = performance.now();
  /** @type {Map<string, number>} */
  const moments = new Map();
  for (const { stream, consumer, ...read } of components.flatMap(({ consumers }) => consumers)) {
    if (read.last_read_seconds_ago === null) continue;
    moments.set(`${stream}.${consumer}`, now - read.last_read_seconds_ago * 1000);
  }
  return moments;
}

/** @param {string} url */
async function connectTo(url) {
  const { connect } = await import('nats');
  const connection = await connect({ servers: url, noAsyncTraces: true });
  const keys = Array.from({ length: STREAMS }, (_, stream) => consumersOf(stream, CONSUMERS))
    .flat()
    .map(({ stream, consumer }) => `${stream}.${consumer}`);
  return {
    close: () => connection.close(),
    /** Consumers that answer within a second. @returns {Promise<string[]>} */
    async reachable() {
      const answers = await Promise.allSettled(
        keys.map(async (key) => {
          const answer = await connection.request(`$JS.API.CONSUMER.INFO.${key}`, '', { timeout: 1000 });
          if (/** @type {{ error?: unknown }} */ (answer.json()).error !== undefined) throw new Error(key);
          return key;
        }),
      );
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    },
  };
}

/** @param {string} program */
async function startCluster(program) {
  const ports = await freePorts(2 * SERVERS);
  const routes = ports.slice(SERVERS).map((port) => `"nats://127.0.0.1:${port}"`);
  const servers = await Promise.all(
    routes.map((_, index) =>
      startNats(
        program,
        `server_name: "n${index}"
cluster: { name: "bench", listen: "127.0.0.1:${ports[SERVERS + index]}", routes: [${routes.join(', ')}] }`,
        { port: ports[index] ?? 0 },
      ),
    ),
  );
  const { connect } = await import('nats');
  for (let tries = 0; tries < 60; tries++) {
    try {
      const connection = await connect({ servers: servers[0]?.url ?? '' });
      const manager = await connection.jetstreamManager({ timeout: 1000 });
      await manager.streams.names().next();
      await connection.close();
      return servers;
    } catch {
      await sleep(500);
    }
  }
  throw new Error('the cluster has no leader');
}

/** @param {string} natsUrl */
function configFor(natsUrl) {
  const components = Array.from({ length: STREAMS }, (_, stream) => [
    `s${stream}`,
    { consumers: consumersOf(stream, CONSUMERS).map((id) => ({ ...id, expect_pullers: 'when_due' })) },
  ]);
  return {
    nats: { url: natsUrl },
    poll: { every: `${EVERY_MS / 1000}s` },
    http: { host: '127.0.0.1', port: 0 },
    components: Object.fromEntries(components),
  };
}

/** @param {number} count @returns {Promise<number[]>} */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        /** @type {Promise<import('node:net').Server>} */ (
          new Promise((resolve) => {
            const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
          })
        ),
    ),
  );
  return Promise.all(
    servers.map(
      (server) =>
        /** @type {Promise<number>} */ (
          new Promise((resolve) => {
            const address = server.address();
            server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
          })
        ),
    ),
  );
}
