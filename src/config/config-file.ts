import { access, readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedFile } from '../shipped-file.js';
import { ConfigError } from './config-error.js';
import type { Environment } from './environment.js';
import { reasonOf } from './file-paths.js';

const DEFAULT_FILE = 'config/default.yaml';
const PACKAGED_FILE = fileURLToPath(shippedFile(`../${DEFAULT_FILE}`));

export interface ConfigFile {
  readonly path: string;
  /** As messages call it. */
  readonly name: string;
  readonly text: string;
}

export interface ConfigFileOptions {
  /** The `--config` option. */
  readonly configPath: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
}

/**
 * The file of `--config`, else of `JETSTREAM_STATUS_CONFIG`, else `config/default.yaml` of the working directory,
 * else the one that comes with the package.
 *
 * @throws ConfigError
 */
export async function readConfigFile({ configPath, env, cwd }: ConfigFileOptions): Promise<ConfigFile> {
  const named = env.JETSTREAM_STATUS_CONFIG === '' ? undefined : env.JETSTREAM_STATUS_CONFIG;
  if (configPath !== undefined) return await readNamed(configPath, { cwd, by: '--config' });
  if (named !== undefined) return await readNamed(named, { cwd, by: 'JETSTREAM_STATUS_CONFIG' });
  const local = resolve(cwd, DEFAULT_FILE);
  const isThere = await access(local).then(
    () => true,
    () => false,
  );
  const path = isThere ? local : PACKAGED_FILE;
  return await readNamed(isInside(cwd, path) ? relative(cwd, path) : path, { cwd });
}

async function readNamed(name: string, { cwd, by }: { cwd: string; by?: string }): Promise<ConfigFile> {
  const path = resolve(cwd, name);
  const origin = by === undefined ? '' : ` (named by ${by})`;
  const refused = (text: string): ConfigError => new ConfigError([{ where: name, key: undefined, text }]);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw refused(`cannot be read: ${reasonOf(error)}${origin}`);
  });
  try {
    return { path, name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    throw refused('is no UTF-8 text');
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
}
