// `npm run demo`: the service in front of a real nats-server with real workers, in a loop of about two minutes.
//   --once     plays the loop once; exit code 0 when every expected status was seen
//   --pace N   plays it N times as fast (up to 2: a killed worker is missed only after its ack wait)
//   --port N   port of the service; by default 8080 when that is free
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { COMPONENTS, startPlatform, startService } from './demo/platform.mjs';
import { HOW_TO_INSTALL, provideNatsServer } from './nats-server.mjs';
import { setUp } from './setup.mjs';

const { values } = parseArgs({
  options: { once: { type: 'boolean' }, pace: { type: 'string' }, port: { type: 'string' } },
});
const pace = Math.min(2, Math.max(1, Number(values.pace ?? 1) || 1));

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());
// A closed terminal takes its output with it.
process.stdout.on('error', () => stopping.abort());

/** @type {(() => Promise<void>)[]} last started, first stopped */
const stops = [];
try {
  process.exitCode = await demo();
} catch (error) {
  if (!stopping.signal.aborted) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function demo() {
  await setUp();
  const natsServer = await provideNatsServer();
  if (natsServer === undefined) throw new Error(HOW_TO_INSTALL);
  const platform = await startPlatform(natsServer);
  stops.push(() => platform.stop());
  const service = await startService(platform.url, await portFor(values.port));
  stops.push(() => service.stop());
  void service.ended.then(() => stopping.abort());

  const urls = Object.keys(COMPONENTS).map((id) => `${service.url}/api/v2/status/${id}`);
  say(`A real nats-server with three streams, two workers each. See how they are:\n\n  ${service.url}/\n`);
  for (const url of urls) say(`  curl ${url}`);
  say(`\nCtrl-C ends everything.\n`);

  const seen = watch(urls);
  do {
    for (const { seconds, words, act } of acts(platform)) {
      say(`${clock()}  ${words}`);
      act();
      await sleep((seconds * 1000) / pace, undefined, { signal: stopping.signal });
    }
  } while (values.once !== true);
  return verdictOn(seen);
}

/** @param {Awaited<ReturnType<typeof startPlatform>>} platform */
function acts(platform) {
  return [
    { seconds: 20, words: 'Work comes in and is done: everything is up.', act: () => undefined },
    {
      seconds: 30,
      words: '80 deployments arrive at once and each takes a second: a backlog grows, apps degrades.',
      act() {
        platform.setWork('apps', 1000);
        platform.publish('apps', 80);
      },
    },
    {
      seconds: 15,
      words: 'The deployers are fast again and catch up: apps recovers.',
      act: () => platform.setWork('apps', 50),
    },
    {
      seconds: 30,
      words: 'The workers of datastores are killed: down, once their ack wait has passed.',
      act: () => platform.killWorkers('datastores'),
    },
    {
      seconds: 25,
      words: 'They are started again: datastores recovers, and works off what is left.',
      act: () => platform.restartWorkers('datastores'),
    },
  ];
}

/**
 * Asks every half second and tells what changed.
 *
 * @param {readonly string[]} urls
 * @returns {Map<string, string[]>} every status that each component had, in order
 */
function watch(urls) {
  /** @type {Map<string, string[]>} */
  const seen = new Map(Object.keys(COMPONENTS).map((id) => [id, []]));
  const ask = async () => {
    for (const url of urls) {
      const id = url.slice(url.lastIndexOf('/') + 1);
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
      const health = /** @type {{ status: string, detail: string }} */ (await answer.json());
      const statuses = seen.get(id) ?? [];
      if (health.detail === 'status not yet known' || statuses.at(-1) === health.status) continue;
      statuses.push(health.status);
      say(`${clock()}    ${id}: ${JSON.stringify(health)}`);
    }
  };
  const timer = setInterval(() => void ask().catch(() => undefined), 500);
  stops.push(async () => clearInterval(timer));
  return seen;
}

/** @param {Map<string, string[]>} seen */
function verdictOn(seen) {
  const expected = {
    infra: ['up'],
    apps: ['up', 'degraded', 'up'],
    datastores: ['up', 'degraded', 'down', 'up'],
  };
  const missed = Object.entries(expected).filter(([id, walk]) => {
    const statuses = seen.get(id) ?? [];
    // On the way down and up a component may pass through degraded.
    const essential = statuses.filter((status) => id !== 'datastores' || status !== 'degraded');
    return essential.join() !== walk.filter((status) => id !== 'datastores' || status !== 'degraded').join();
  });
  for (const [id, walk] of missed) {
    say(`${id} went ${seen.get(id)?.join(' -> ')} instead of ${walk.join(' -> ')}`);
  }
  if (missed.length === 0) say('Seen: up, degraded, down and up again.');
  return missed.length === 0 ? 0 : 1;
}

/** @param {string | undefined} wanted */
async function portFor(wanted) {
  if (wanted !== undefined) return Number(wanted);
  const usual = 8080;
  const isFree = await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(usual, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree ? usual : 0;
}

function clock() {
  return new Date().toTimeString().slice(0, 8);
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
