import type { ConfigProblem } from './config-error.js';
import { ConfigError } from './config-error.js';
import type { NatsAuth, NatsTls } from './config.js';
import { isSubject } from './nats-names.js';
import type { NatsUrls } from './nats-urls.js';
import { NatsUrlError, parseNatsUrls } from './nats-urls.js';
import { AUTH_KEYS } from './nats-schema.js';
import { isGroup } from './relations.js';
import type { Values } from './relations.js';

/** What a context of the `nats` command line contributes where the configuration itself says nothing. */
export interface CliContext {
  readonly urls?: NatsUrls;
  readonly auth?: NatsAuth;
  readonly tls?: Partial<NatsTls>;
  readonly domain?: string;
  readonly apiPrefix?: string;
  readonly inboxPrefix?: string;
}

export interface CliContextOptions {
  /** How messages call the context. */
  readonly where: string;
  /** The `nats` group of the configuration: what it sets is not looked at in the context. */
  readonly explicit: Values;
  /** Makes the paths of a context absolute. */
  readonly absolute: (path: string) => string;
}

/** Fields by what they are for; those of another program's file that are not here are ignored. */
const AUTH_FIELDS = ['user', 'password', 'creds', 'nkey', 'token', 'user_jwt', 'nsc'];
const UNSUPPORTED = [
  'nsc',
  'windows_cert_store',
  'windows_cert_match_by',
  'windows_cert_match',
  'windows_ca_certs_match',
  'socks_proxy',
];

/**
 * Reads a context file as the command line does: empty fields count as absent, and of several credentials the first
 * of user, creds, user JWT, nkey and token is taken.
 *
 * @throws ConfigError
 */
export function parseCliContext(text: string, { where, explicit, absolute }: CliContextOptions): CliContext {
  const problems: ConfigProblem[] = [];
  const refuse = (key: string, problem: string): void => {
    problems.push({ where, key, text: problem });
  };
  const fields = withoutOverridden(fieldsOf(text, where), explicit);
  const textOf = (name: string): string | undefined => {
    const value = fields[name];
    if (value !== undefined && typeof value !== 'string') refuse(name, 'must be text');
    return typeof value === 'string' ? value : undefined;
  };
  const pathOf = (name: string): string | undefined => {
    const path = textOf(name);
    return path === undefined ? undefined : absolute(path);
  };
  const subjectOf = (name: string): string | undefined => {
    const subject = textOf(name)?.replace(/\.$/, '');
    if (subject !== undefined && !isSubject(subject))
      refuse(name, 'must be a subject without spaces or wildcards');
    return subject;
  };

  for (const name of UNSUPPORTED) {
    if (fields[name] !== undefined) refuse(name, 'is not supported by jetstream-status');
  }
  const auth = authOf({ textOf, pathOf });
  const context = {
    urls: urlsOf(textOf('url'), auth, refuse),
    auth,
    tls: tlsOf(
      { ca: pathOf('ca'), cert: pathOf('cert'), key: pathOf('key'), first: fields.tls_first },
      refuse,
    ),
    domain: subjectOf('jetstream_domain'),
    apiPrefix: subjectOf('jetstream_api_prefix'),
    inboxPrefix: subjectOf('inbox_prefix'),
  };
  if (context.domain !== undefined && context.apiPrefix !== undefined) {
    refuse('jetstream_api_prefix', 'cannot be set together with jetstream_domain');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return defined(context);
}

function fieldsOf(text: string, where: string): Values {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
  }
  if (!isGroup(parsed)) throw new ConfigError([{ where, key: undefined, text: 'is no JSON object' }]);
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => !isEmpty(value)));
}

/** The command line writes every field of a context, also those that nobody set. */
function isEmpty(value: unknown): boolean {
  return value === '' || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

function withoutOverridden(fields: Values, explicit: Values): Values {
  const isSet = (...keys: readonly string[]): boolean => keys.some((key) => explicit[key] !== undefined);
  const tls = isGroup(explicit.tls) ? explicit.tls : {};
  const overridden = [
    ...(isSet('url') ? ['url'] : []),
    ...(isSet(...Object.values(AUTH_KEYS).flat()) || carriesAuth(explicit.url) ? AUTH_FIELDS : []),
    ...(isSet('domain', 'api_prefix') ? ['jetstream_domain', 'jetstream_api_prefix'] : []),
    ...(isSet('inbox_prefix') ? ['inbox_prefix'] : []),
    ...(tls.ca === undefined ? [] : ['ca']),
    ...(tls.cert === undefined && tls.key === undefined ? [] : ['cert', 'key']),
    ...(tls.first === undefined ? [] : ['tls_first']),
  ];
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !overridden.includes(name)));
}

function carriesAuth(url: unknown): boolean {
  try {
    return typeof url === 'string' && parseNatsUrls(url).auth !== undefined;
  } catch {
    return false;
  }
}

type FieldReader = (name: string) => string | undefined;

function authOf({ textOf, pathOf }: { textOf: FieldReader; pathOf: FieldReader }): NatsAuth | undefined {
  const [user, creds, jwt, nkey, token] = [
    textOf('user'),
    pathOf('creds'),
    textOf('user_jwt'),
    pathOf('nkey'),
    textOf('token'),
  ];
  if (user !== undefined) return { method: 'user', user, password: textOf('password') ?? '' };
  if (creds !== undefined) return { method: 'creds', path: creds };
  if (jwt !== undefined) return { method: 'jwt', jwt, nkeyPath: nkey };
  if (nkey !== undefined) return { method: 'nkey', path: nkey };
  return token === undefined ? undefined : { method: 'token', token };
}

/** User information in the URL yields to the context's own credentials. */
function urlsOf(
  list: string | undefined,
  auth: NatsAuth | undefined,
  refuse: (key: string, text: string) => void,
): NatsUrls | undefined {
  if (list === undefined) return undefined;
  try {
    const urls = parseNatsUrls(list);
    return auth === undefined ? urls : { ...urls, auth: undefined };
  } catch (error) {
    if (!(error instanceof NatsUrlError)) throw error;
    for (const reason of error.reasons) refuse('url', reason);
    return undefined;
  }
}

function tlsOf(
  { ca, cert, key, first }: Record<'ca' | 'cert' | 'key', string | undefined> & { first: unknown },
  refuse: (key: string, text: string) => void,
): Partial<NatsTls> | undefined {
  if (first !== undefined && first !== true) refuse('tls_first', 'must be true or false');
  if (cert !== undefined && key === undefined) refuse('cert', 'needs key as well');
  if (key !== undefined && cert === undefined) refuse('key', 'needs cert as well');
  const tls = defined({ ca, cert, key, first: first === true ? true : undefined });
  return Object.keys(tls).length === 0 ? undefined : tls;
}

/** Without the keys that are undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
