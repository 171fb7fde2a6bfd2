import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CliContext } from './cli-context.js';
import { parseCliContext } from './cli-context.js';
import { ConfigError } from './config-error.js';
import type { Environment } from './environment.js';
import { absolutePath, readFileProblem, reasonOf } from './file-paths.js';
import type { Values } from './relations.js';

export interface ReadCliContextOptions {
  /** How messages call the place that names the context. */
  readonly where: string;
  /** The `nats` group of the configuration. */
  readonly explicit: Values;
  readonly env: Environment;
  /** Relative paths in a context count from here, as they do for the command line. */
  readonly cwd: string;
}

/** Finds and reads a context of the `nats` command line and checks that its files are there. @throws ConfigError */
export async function readCliContext(name: string, options: ReadCliContextOptions): Promise<CliContext> {
  const { where, explicit, env, cwd } = options;
  const refused = (text: string): ConfigError => new ConfigError([{ where, key: 'nats.context', text }]);
  if (/[/\\\p{Cc}]|\.\./u.test(name)) {
    throw refused('must be the name of a context, not a path: no "/", "\\" or ".."');
  }
  const path = join(contextFolder(env), `${name}.json`);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw refused(`cannot be read: ${reasonOf(error)} (${path})`);
  });
  const absolute = (file: string): string => absolutePath(file, { base: cwd, env });
  const context = parseCliContext(text, { where: path, explicit, absolute });
  await checkFiles(context, path);
  return context;
}

function contextFolder(env: Environment): string {
  const { XDG_CONFIG_HOME: configHome = '', HOME: home = '' } = env;
  return join(
    configHome === '' ? join(home === '' ? homedir() : home, '.config') : configHome,
    'nats',
    'context',
  );
}

async function checkFiles({ auth, tls }: CliContext, where: string): Promise<void> {
  const files = {
    creds: auth?.method === 'creds' ? auth.path : undefined,
    nkey: auth?.method === 'nkey' ? auth.path : auth?.method === 'jwt' ? auth.nkeyPath : undefined,
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
  };
  const found = await Promise.all(
    Object.entries(files).map(async ([key, path]) => {
      const text = path === undefined ? undefined : await readFileProblem(path);
      return text === undefined ? [] : [{ where, key, text }];
    }),
  );
  if (found.flat().length > 0) throw new ConfigError(found.flat());
}
