import type { CliContext } from './cli-context.js';
import { ConfigError } from './config-error.js';
import type { Config } from './config.js';
import { problemsOf } from './problem-words.js';
import { isGroup } from './relations.js';
import { resolveConfig } from './resolve-config.js';
import { configSchema } from './schema.js';

/** Where the values came from. */
export interface ConfigSource {
  /** How messages call the place of a key: `config/prod.yaml:12`, `environment variable PORT`. */
  whereIs(path: readonly PropertyKey[]): string;
  /** The keys of a group in the order of the file. */
  keysOf(path: readonly PropertyKey[]): readonly string[];
}

/**
 * @param raw the parsed file with the environment over it, paths of files absolute
 * @param context what is left of a NATS context where `raw` says nothing
 * @throws ConfigError with everything that is wrong
 */
export function parseConfig(
  raw: unknown,
  { source, context }: { source: ConfigSource; context?: CliContext | undefined },
): Config {
  // An empty file is a group without keys.
  const given = raw ?? {};
  const { data, error } = configSchema.safeParse(given);
  if (data === undefined) {
    throw new ConfigError(problemsOf(error.issues, { raw: given, whereIs: (path) => source.whereIs(path) }));
  }
  const inFile = source.keysOf(['components']);
  const components = isGroup(data.components) ? Object.keys(data.components) : [];
  const componentIds = [...new Set([...inFile, ...components])];
  return resolveConfig(data, { componentIds, context });
}
