import { dirname } from 'node:path';
import type { ConfigProblem } from './config-error.js';
import { ConfigError } from './config-error.js';
import type { ConfigFileOptions } from './config-file.js';
import { readConfigFile } from './config-file.js';
import type { Config } from './config.js';
import { overlayEnvironment } from './environment.js';
import { filesIn, mapFiles } from './file-keys.js';
import { absolutePath, readFileProblem } from './file-paths.js';
import type { ConfigSource } from './parse-config.js';
import { parseConfig } from './parse-config.js';
import { readCliContext } from './read-cli-context.js';
import { isGroup } from './relations.js';
import type { Values } from './relations.js';
import { looksLikeFileContent } from './value-schemas.js';
import { parseYamlDocument } from './yaml-document.js';

export interface LoadedConfig {
  readonly config: Config;
  /** What it was made from: the file, the environment variables, the NATS context. */
  readonly origins: readonly string[];
  /** Name of the NATS context among them. */
  readonly context: string | undefined;
}

export interface LoadOptions {
  /**
   * False where nothing connects to NATS: the files that the configuration names may be on another machine. Default:
   * true.
   */
  readonly checkFiles?: boolean;
}

/**
 * The configuration from its file, with the environment over it and a NATS context beneath it. Paths in the file are
 * relative to the file's own folder, those in the environment to the working directory; `~` is the home directory.
 *
 * @throws ConfigError with everything that is wrong, files that cannot be read included unless they are not checked
 */
export async function loadConfig(
  options: ConfigFileOptions,
  { checkFiles = true }: LoadOptions = {},
): Promise<LoadedConfig> {
  const { env, cwd } = options;
  const file = await readConfigFile(options);
  const document = parseYamlDocument(file.text, file.name);
  const base = dirname(file.path);
  const inFile = withFiles(document.value, (path) => absolutePath(path, { base, env }));
  const overlaid = overlayEnvironment(inFile, { env, cwd });
  const source: ConfigSource = {
    keysOf: (path) => document.keysOf(path),
    whereIs(path) {
      const variable = overlaid.variableOf(path);
      if (variable !== undefined) return `environment variable ${variable}`;
      const line = document.lineOf(path);
      return line === undefined ? file.name : `${file.name}:${String(line)}`;
    },
  };

  const problems: ConfigProblem[] = [];
  const nats = natsOf(overlaid.raw);
  const { context: name } = nats;
  const context =
    typeof name === 'string' && name !== ''
      ? await collecting(problems, () =>
          readCliContext(name, { where: source.whereIs(['nats', 'context']), explicit: nats, env, cwd }),
        )
      : undefined;
  if (checkFiles) problems.push(...(await unreadableFiles(nats, source)));
  const config = await collecting(problems, () => parseConfig(overlaid.raw, { source, context }));
  if (config === undefined || problems.length > 0) throw new ConfigError(problems);
  const contextName = context === undefined ? undefined : String(name);
  const contextOrigin = contextName === undefined ? [] : [`NATS context ${contextName}`];
  return { config, origins: [file.name, ...overlaid.variables, ...contextOrigin], context: contextName };
}

/** @returns undefined when a part is refused; its problems are kept and the others still looked at */
async function collecting<T>(problems: ConfigProblem[], part: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await part();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function natsOf(raw: unknown): Values {
  return isGroup(raw) && isGroup(raw.nats) ? raw.nats : {};
}

function withFiles(raw: unknown, absolute: (path: string) => string): unknown {
  return isGroup(raw) && isGroup(raw.nats) ? { ...raw, nats: mapFiles(raw.nats, absolute) } : raw;
}

async function unreadableFiles(nats: Values, source: ConfigSource): Promise<ConfigProblem[]> {
  const found = await Promise.all(
    filesIn(nats).map(async ({ key, file }): Promise<ConfigProblem[]> => {
      // The schema says what is wrong with these.
      if (file === '' || looksLikeFileContent(file)) return [];
      const text = await readFileProblem(file);
      return text === undefined ? [] : [{ where: source.whereIs(key), key: key.join('.'), text }];
    }),
  );
  return found.flat();
}
