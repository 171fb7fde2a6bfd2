import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Whether packages of Debian or Ubuntu can be had here at all. */
export function hasDebianPackages() {
  return existsSync('/usr/bin/apt-get');
}

/**
 * Unpacks packages into a folder. Unpacked and not installed: that needs no root, and starts no service. The lists of
 * packages are kept in the folder too for as long as they are needed, because those of the system may be empty and only
 * root may fill them.
 *
 * @param {readonly string[]} names
 * @param {string} folder
 */
export async function unpackDebianPackages(names, folder) {
  const apt = join(folder, 'apt');
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  const options = [
    '-qq',
    `-oDir::State::Lists=${join(apt, 'lists')}`,
    `-oDir::Cache=${join(apt, 'cache')}`,
    '-oAPT::Sandbox::User=',
  ];
  const quietly = { quiet: true, cwd: folder };
  if ((await run('apt-get', [...options, 'update'], quietly)) !== 0) return;
  if ((await run('apt-get', [...options, 'download', ...names], quietly)) !== 0) return;
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', file, '.'], quietly);
    await rm(join(folder, file));
  }
  await rm(apt, { recursive: true, force: true });
}
