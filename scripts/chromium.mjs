import { findExecutable, isExecutable } from './find-executable.mjs';
import { run } from './run.mjs';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

export const HOW_TO_INSTALL_CHROMIUM = `No Chromium was found. Install one:
  Debian          sudo apt-get install chromium
  macOS           brew install --cask chromium
or name one: CHROMIUM_BIN=/path/to/chromium
`;

/**
 * The browser to use: the one that `CHROMIUM_BIN` names, else one on the PATH, else one in the usual places.
 *
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {string | undefined} an executable file
 */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_BIN !== undefined && env.CHROMIUM_BIN !== '') return env.CHROMIUM_BIN;
  return findExecutable(PROGRAMS, USUAL_FOLDERS, env);
}

/**
 * The browser to use; where there is none, root and Debian's packages can be had, it is installed. Nothing is unpacked
 * beside the system: a browser needs too many libraries for that.
 *
 * @returns {Promise<string | undefined>}
 */
export async function provideChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) return undefined;
  process.stdout.write('No Chromium here: installing the Debian package\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (/** @type {readonly string[]} */ args) =>
    run('apt-get', ['-qq', ...args], { quiet: true, env });
  if ((await aptGet(['update'])) !== 0) return undefined;
  if ((await aptGet(['install', '-y', '--no-install-recommends', 'chromium'])) !== 0) return undefined;
  return findChromium();
}

/**
 * Options for playwright-core. A browser that its package would download is never used, and this one asks nobody but
 * the page.
 *
 * @param {string} executablePath
 */
export function launchOptions(executablePath) {
  const args = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  // The sandbox of Chromium refuses to work for root.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return { executablePath, args };
}
