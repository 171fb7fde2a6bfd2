import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from './environment.js';
import { looksLikeFileContent } from './value-schemas.js';

/** Absolute; `~` is the home directory. What cannot be a path stays as it is, for the schema to refuse. */
export function absolutePath(path: string, { base, env }: { base: string; env: Environment }): string {
  if (path === '' || looksLikeFileContent(path)) return path;
  const home = env.HOME === undefined || env.HOME === '' ? homedir() : env.HOME;
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(base, path);
}

/** Why a file cannot be read, without a byte of it; undefined when it can. */
export async function readFileProblem(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK);
    return (await stat(path)).isDirectory() ? `cannot be read: it is a directory (${path})` : undefined;
  } catch (error) {
    return `cannot be read: ${reasonOf(error)} (${path})`;
  }
}

/** In words, for the failures that people meet. */
export function reasonOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a directory',
  };
  return words[code] ?? code;
}
