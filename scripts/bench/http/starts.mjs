import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endChild, IMAGE_ENV, IMAGE_FLAGS } from '../processes.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = `${ROOT}dist/main.js`;

/**
 * Milliseconds from the start of the process to its line `listening`, beside those that node takes to do nothing.
 *
 * @param {string} configFile @param {number} times
 */
export async function measureStarts(configFile, times) {
  const service = [];
  const node = [];
  for (let turn = 0; turn < times; turn++) {
    node.push(await msUntil(['-e', '0'], (child) => once(child, 'exit')));
    service.push(
      await msUntil([...IMAGE_FLAGS, MAIN, 'serve', '--config', configFile], (child) =>
        child.stdout === null ? Promise.reject(new Error('no output')) : once(child.stdout, 'data'),
      ),
    );
  }
  return { service, node };
}

/**
 * @param {readonly string[]} args
 * @param {(child: import('node:child_process').ChildProcess) => Promise<unknown>} event
 */
async function msUntil(args, event) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...IMAGE_ENV },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await event(child);
  const ms = performance.now() - startedAt;
  await endChild(child);
  return ms;
}
