import { absolutePath } from './file-paths.js';
import { AUTH_KEYS } from './nats-schema.js';
import { isGroup } from './relations.js';
import type { Values } from './relations.js';

/** Environment variables; an empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface EnvironmentKey {
  readonly variable: string;
  readonly path: readonly [group: string, ...keys: string[]];
  readonly kind: 'text' | 'number' | 'path';
}

/** The variables that stand over keys of the file. */
export const ENVIRONMENT: readonly EnvironmentKey[] = [
  { variable: 'NATS_URL', path: ['nats', 'url'], kind: 'text' },
  { variable: 'NATS_CONTEXT', path: ['nats', 'context'], kind: 'text' },
  { variable: 'NATS_USER', path: ['nats', 'user'], kind: 'text' },
  { variable: 'NATS_PASSWORD', path: ['nats', 'password'], kind: 'text' },
  { variable: 'NATS_TOKEN', path: ['nats', 'token'], kind: 'text' },
  { variable: 'NATS_CREDS', path: ['nats', 'creds'], kind: 'path' },
  { variable: 'NATS_NKEY', path: ['nats', 'nkey'], kind: 'path' },
  { variable: 'NATS_CA', path: ['nats', 'tls', 'ca'], kind: 'path' },
  { variable: 'NATS_CERT', path: ['nats', 'tls', 'cert'], kind: 'path' },
  { variable: 'NATS_KEY', path: ['nats', 'tls', 'key'], kind: 'path' },
  { variable: 'HOST', path: ['http', 'host'], kind: 'text' },
  { variable: 'PORT', path: ['http', 'port'], kind: 'number' },
  { variable: 'ADMIN_HOST', path: ['admin', 'host'], kind: 'text' },
  { variable: 'ADMIN_PORT', path: ['admin', 'port'], kind: 'number' },
  { variable: 'LOG_LEVEL', path: ['log', 'level'], kind: 'text' },
];

export interface Overlaid {
  readonly raw: unknown;
  /** The variables that were set. */
  readonly variables: readonly string[];
  /** The variable that a value came from; undefined when the file said it. */
  variableOf(path: readonly PropertyKey[]): string | undefined;
}

/**
 * Puts the environment over a parsed file. A way to authenticate that the environment names replaces the one of the
 * file; relative paths count from the working directory.
 */
export function overlayEnvironment(file: unknown, { env, cwd }: { env: Environment; cwd: string }): Overlaid {
  const set = ENVIRONMENT.flatMap((key) => {
    const value = env[key.variable];
    return value === undefined || value === '' ? [] : [{ ...key, value }];
  });
  const overlaid = set.reduce(
    (raw, { path, kind, value }) => withValue(raw, path, valueOf(kind, value, { env, cwd })),
    withoutOtherAuth(
      file,
      set.map(({ path }) => path.join('.')),
    ),
  );
  return {
    raw: overlaid,
    variables: set.map(({ variable }) => variable),
    variableOf: (path) =>
      set.find((key) => key.path.length === path.length && key.path.every((step, i) => step === path[i]))
        ?.variable,
  };
}

function valueOf(
  kind: EnvironmentKey['kind'],
  value: string,
  { env, cwd }: { env: Environment; cwd: string },
): string | number {
  if (kind === 'path') return absolutePath(value, { base: cwd, env });
  return kind === 'number' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** What is no group stays as it is, for the schema to refuse. */
function withValue(raw: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (raw !== undefined && raw !== null && !isGroup(raw)) return raw;
  return { ...raw, [step]: withValue(raw?.[step], rest, value) };
}

function withoutOtherAuth(file: unknown, fromEnvironment: readonly string[]): unknown {
  if (!isGroup(file) || !isGroup(file.nats)) return file;
  const ways = Object.values(AUTH_KEYS) as readonly (readonly string[])[];
  const named = ways.filter((keys) => keys.some((key) => fromEnvironment.includes(`nats.${key}`)));
  if (named.length === 0) return file;
  const dropped = ways.filter((keys) => !named.includes(keys)).flat();
  const nats: Values = Object.fromEntries(
    Object.entries(file.nats).filter(([key]) => !dropped.includes(key)),
  );
  return { ...file, nats };
}
