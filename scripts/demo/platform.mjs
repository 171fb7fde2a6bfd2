import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../run.mjs';

/** The components of config/demo.yaml. */
export const COMPONENTS = {
  infra: { stream: 'INFRA', consumer: 'provisioner' },
  apps: { stream: 'APPS', consumer: 'deployer' },
  datastores: { stream: 'DATASTORES', consumer: 'manager' },
};

/** Short, so that the work of a killed worker is missed soon. */
const ACK_WAIT_NS = 5e9;
const WORKERS = 2;

/**
 * Everything that the demo starts: a nats-server, and for each component a publisher and workers. All of them end
 * with `stop`, and the forks also when this process is gone.
 *
 * @param {string} natsServer
 */
export async function startPlatform(natsServer) {
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-demo-'));
  const args = ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', folder, '--ports_file_dir', folder];
  const server = spawn(natsServer, args, { stdio: 'ignore' });
  const url = await urlOf(server, folder);
  await createStreams(url);

  /** @typedef {import('node:child_process').ChildProcess} ChildProcess */
  /** @type {Record<string, { publisher: ChildProcess, workers: ChildProcess[] }>} */
  const parts = {};
  /** @param {'worker' | 'publisher'} program @param {readonly string[]} words */
  const start = (program, words) =>
    fork(fileURLToPath(new URL(`${program}.mjs`, import.meta.url)), [url, ...words]);
  /** @param {keyof typeof COMPONENTS} id */
  const startWorkers = (id) => {
    const { stream, consumer } = COMPONENTS[id];
    return Array.from({ length: WORKERS }, () => start('worker', [stream, consumer]));
  };
  for (const [id, { stream }] of Object.entries(COMPONENTS)) {
    const component = /** @type {keyof typeof COMPONENTS} */ (id);
    parts[id] = { publisher: start('publisher', [stream]), workers: startWorkers(component) };
  }

  return {
    url,
    /** @param {string} id @param {number} messages */
    publish(id, messages) {
      parts[id]?.publisher.send(messages);
    },
    /** @param {string} id @param {number} ms that each message takes from now on */
    setWork(id, ms) {
      for (const worker of parts[id]?.workers ?? []) worker.send(ms);
    },
    /** @param {string} id */
    killWorkers(id) {
      for (const worker of parts[id]?.workers.splice(0) ?? []) worker.kill('SIGKILL');
    },
    /** @param {keyof typeof COMPONENTS} id */
    restartWorkers(id) {
      parts[id]?.workers.push(...startWorkers(id));
    },
    async stop() {
      const children = Object.values(parts).flatMap(({ publisher, workers }) => [publisher, ...workers]);
      await Promise.all([...children, server].map(end));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts the service as it is installed, asking every second.
 *
 * @param {string} natsUrl
 * @param {number} port 0 for a free one
 */
export async function startService(natsUrl, port) {
  const child = spawn(process.execPath, ['dist/main.js', 'serve', '--config', 'config/demo.yaml'], {
    cwd: ROOT,
    env: { ...process.env, NATS_URL: natsUrl, HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])]);
  if (line === '') throw new Error('the service did not start');
  child.stdout.resume();
  const { url } = JSON.parse(String(line).split('\n', 1)[0] ?? '');
  return { url: String(url), ended: once(child, 'exit'), stop: () => end(child) };
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

/** @param {import('node:child_process').ChildProcess} server @param {string} folder */
async function urlOf(server, folder) {
  for (let tries = 0; tries < 250 && server.exitCode === null; tries++) {
    const name = (await readdir(folder)).find((file) => file.endsWith('.ports'));
    const text = name === undefined ? '' : await readFile(join(folder, name), 'utf8');
    const url = /nats:\/\/[^"]+/.exec(text)?.[0];
    if (url !== undefined) return url;
    await sleep(20);
  }
  throw new Error('nats-server did not start');
}

/** @param {string} url */
async function createStreams(url) {
  // Only now: the set-up may have installed it a moment ago.
  const { connect } = await import('nats');
  const connection = await connect({ servers: url });
  const manager = await connection.jetstreamManager();
  for (const { stream, consumer } of Object.values(COMPONENTS)) {
    await manager.streams.add({ name: stream, subjects: [`${stream.toLowerCase()}.>`] });
    await manager.consumers.add(stream, {
      durable_name: consumer,
      ack_policy: /** @type {import('nats').AckPolicy} */ ('explicit'),
      ack_wait: ACK_WAIT_NS,
    });
  }
  await connection.close();
}
