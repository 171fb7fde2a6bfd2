import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where packages put it; Debian's place is not on the PATH of an ordinary user. */
const USUAL_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/**
 * The nats-server to use: the one that `NATS_SERVER_BIN` names, else one on the PATH, else one in the usual places.
 *
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {string | undefined} an executable file
 */
export function findNatsServer(env = process.env) {
  if (env.NATS_SERVER_BIN !== undefined && env.NATS_SERVER_BIN !== '') return env.NATS_SERVER_BIN;
  const folders = [...(env.PATH ?? '').split(delimiter), ...USUAL_FOLDERS];
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
