import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endChild } from '../processes.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = `${ROOT}dist/main.js`;
const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
/** No service that needs these packages can start sooner. */
const PACKAGES_ALONE = Object.keys(dependencies)
  .map((name) => `import '${name}';`)
  .join('');

/**
 * Milliseconds from the start of the process to its line `listening`, beside those that node takes to do nothing and
 * to load nothing but the packages.
 *
 * @param {string} configFile @param {number} times
 */
export async function measureStarts(configFile, times) {
  const service = [];
  const node = [];
  const packages = [];
  for (let turn = 0; turn < times; turn++) {
    node.push(await msUntil(['-e', '0'], (child) => once(child, 'exit')));
    packages.push(
      await msUntil(['--input-type=module', '-e', PACKAGES_ALONE], (child) => once(child, 'exit')),
    );
    service.push(
      await msUntil([MAIN, 'serve', '--config', configFile], (child) =>
        child.stdout === null ? Promise.reject(new Error('no output')) : once(child.stdout, 'data'),
      ),
    );
  }
  return { service, packages, node };
}

/**
 * @param {readonly string[]} args
 * @param {(child: import('node:child_process').ChildProcess) => Promise<unknown>} event
 */
async function msUntil(args, event) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  await event(child);
  const ms = performance.now() - startedAt;
  await endChild(child);
  return ms;
}
