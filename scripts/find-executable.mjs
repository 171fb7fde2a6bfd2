import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The first of these programs on the PATH or in one of these folders; on the PATH first.
 *
 * @param {readonly string[]} programs
 * @param {readonly string[]} folders
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {string | undefined} an executable file
 */
export function findExecutable(programs, folders, env = process.env) {
  const all = [...(env.PATH ?? '').split(delimiter), ...folders];
  return programs.flatMap((program) => all.map((folder) => join(folder, program))).find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
