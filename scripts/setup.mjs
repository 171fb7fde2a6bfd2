import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

/**
 * Installs what the lockfile says and builds the program, unless that has been done since anything of it changed.
 *
 * @returns {Promise<void>} rejects when one of them fails
 */
export async function setUp() {
  if (modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json')) {
    process.stdout.write('Installing dependencies\n');
    await must(['ci']);
  }
  // Programs that are running from there are better left alone.
  if (!isBuilt()) await must(['run', 'build']);
}

function isBuilt() {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true }).map((path) =>
    join('src', String(path)),
  );
  const newest = Math.max(
    ...[...sources, 'scripts/build.mjs', 'package.json', 'package-lock.json'].map(modifiedAt),
  );
  return modifiedAt('dist/main.js') > newest;
}

/** @param {readonly string[]} args of npm */
async function must(args) {
  if ((await run('npm', args, { quiet: true })) !== 0) throw new Error(`npm ${args.join(' ')} failed`);
}

/** @param {string} path in the checkout */
function modifiedAt(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
