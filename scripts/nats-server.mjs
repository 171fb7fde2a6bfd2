import { join } from 'node:path';
import { hasDebianPackages, unpackDebianPackages } from './debian-packages.mjs';
import { findExecutable } from './find-executable.mjs';
import { ROOT } from './run.mjs';

/** Where packages put it; Debian's place is not on the PATH of an ordinary user. */
const USUAL_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
const CACHE = join(ROOT, '.cache', 'nats-server');

export const HOW_TO_INSTALL = `No nats-server was found. Install one:
  Debian, Ubuntu  sudo apt-get install nats-server
  macOS           brew install nats-server
  Windows         winget install NATSAuthors.NATSServer
  with Go         go install github.com/nats-io/nats-server/v2@latest
or name one: NATS_SERVER_BIN=/path/to/nats-server
`;

/**
 * The nats-server to use: the one that `NATS_SERVER_BIN` names, else one on the PATH, else one in the usual places,
 * else the one that was unpacked into this checkout.
 *
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {string | undefined} an executable file
 */
export function findNatsServer(env = process.env) {
  if (env.NATS_SERVER_BIN !== undefined && env.NATS_SERVER_BIN !== '') return env.NATS_SERVER_BIN;
  const program = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  return findExecutable([program], [...USUAL_FOLDERS, join(CACHE, 'usr', 'sbin')], env);
}

/**
 * The nats-server to use; where there is none and Debian's packages can be had, it is unpacked into this checkout.
 *
 * @returns {Promise<string | undefined>}
 */
export async function provideNatsServer() {
  const found = findNatsServer();
  if (found !== undefined) return found;
  if (!hasDebianPackages()) return undefined;
  process.stdout.write('No nats-server here: unpacking the Debian package into .cache\n');
  await unpackDebianPackages(['nats-server'], CACHE).catch(() => undefined);
  return findNatsServer();
}
