import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

/**
 * Installs what the lockfile says, unless that has been done since the lockfile changed, and builds the program.
 *
 * @returns {Promise<void>} rejects when one of them fails
 */
export async function setUp() {
  if (modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json')) {
    process.stdout.write('Installing dependencies\n');
    await must(['ci']);
  }
  await must(['run', 'build']);
}

/** @param {readonly string[]} args of npm */
async function must(args) {
  if ((await run('npm', args, { quiet: true })) !== 0) throw new Error(`npm ${args.join(' ')} failed`);
}

/** @param {string} path in the checkout */
function modifiedAt(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
