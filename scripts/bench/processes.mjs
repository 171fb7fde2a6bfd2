import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ cpuMs: number, rss: number, heapUsed: number, peakRss: number }} Usage
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 */

const INSTRUMENT = new URL('instrument.mjs', import.meta.url).href;
const DOCKERFILE = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
/** @param {string} name of one that stands once in the Dockerfile */
const instruction = (name) => new RegExp(`^${name} (.*)$`, 'm').exec(DOCKERFILE)?.[1] ?? '';
/** What the image tells node: the service is measured as it is shipped. @type {readonly string[]} */
export const IMAGE_FLAGS = JSON.parse(instruction('CMD')).filter((/** @type {string} */ word) =>
  word.startsWith('--'),
);
/** @type {Readonly<Record<string, string>>} */
export const IMAGE_ENV = Object.fromEntries(
  instruction('ENV')
    .split(' ')
    .map((variable) => variable.split('=', 2)),
);
/** Of the kernel, for /proc: the same on every Linux that runs Node. */
const TICKS_PER_SECOND = 100;

/**
 * Starts a node program as a process that can be asked what it has used.
 *
 * @param {string | URL} program
 * @param {{ args?: readonly string[], flags?: readonly string[], env?: Readonly<Record<string, string>> }} [options]
 */
export function startNode(program, { args = [], flags = [], env = {} } = {}) {
  const child = fork(program instanceof URL ? fileURLToPath(program) : program, args, {
    execArgv: [...flags, '--expose-gc', '--import', INSTRUMENT],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let asked = 0;
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  child.on('message', (message) => {
    const { id, answer } = /** @type {{ id?: number, answer?: unknown }} */ (message);
    if (id !== undefined) waiting.get(id)?.(answer);
  });
  /** @param {object} message @returns {Promise<any>} */
  const ask = (message) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      const ended = () => reject(new Error(`${String(program)} ended`));
      child.once('exit', ended);
      waiting.set(id, (answer) => {
        waiting.delete(id);
        child.off('exit', ended);
        resolve(answer);
      });
      child.send({ ...message, id }, (error) => {
        if (error !== null) reject(error);
      });
    });
  return {
    child,
    /** @param {object} message for the program itself; it answers `{ id, answer }` */
    ask,
    /** @returns {Promise<Usage>} */
    usage: () => ask({ question: 'usage' }),
    /** @returns {Promise<void>} */
    age: () => ask({ question: 'age' }),
    /** @returns {Promise<void>} */
    collect: () => ask({ question: 'collect' }),
    /** @param {'watchStalls' | 'stall' | 'unwatchStalls'} question @returns {Promise<number>} */
    stalls: (question) => ask({ question }),
    stop: () => endChild(child),
  };
}

/**
 * A program of the bench, once it can be given work.
 *
 * @param {URL} program @param {readonly string[]} [args]
 */
export async function startProgram(program, args = []) {
  const node = startNode(program, { args });
  await new Promise((resolve, reject) => {
    node.child.on('message', (message) => {
      if (/** @type {{ ready?: boolean }} */ (message).ready === true) resolve(undefined);
    });
    node.child.once('exit', () => reject(new Error(`${program.href} did not start`)));
  });
  node.child.stdout?.resume();
  return node;
}

/**
 * The built service with a configuration file, once it listens.
 *
 * @param {string} configFile
 */
export async function startService(configFile) {
  const main = new URL('../../dist/main.js', import.meta.url);
  const args = ['serve', '--config', configFile];
  const service = startNode(main, { args, flags: IMAGE_FLAGS, env: IMAGE_ENV });
  const { stdout } = service.child;
  if (stdout === null) throw new Error('the service has no output');
  const [line] = await Promise.race([once(stdout, 'data'), once(service.child, 'exit').then(() => [''])]);
  if (String(line) === '') throw new Error('the service did not start');
  stdout.resume();
  const { url, admin_url: adminUrl } = JSON.parse(String(line).split('\n', 1)[0] ?? '');
  return { ...service, port: Number(new URL(url).port), adminUrl: String(adminUrl) };
}

/**
 * CPU time in ms that a process which cannot be asked has used; undefined where the system does not tell.
 *
 * @param {number} pid
 */
export function cpuMsOf(pid) {
  return nanosecondsOf(pid) ?? ticksOf(pid);
}

/** @param {number} pid */
function nanosecondsOf(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const ran = threads.map((id) =>
      Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
    );
    return ran.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    return undefined;
  }
}

/** In steps of 10 ms, where the kernel counts no nanoseconds. @param {number} pid */
function ticksOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in the second field may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** @param {ChildProcess} child */
export async function endChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  child.kill('SIGCONT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
