import type { NatsAuth, NatsConfig, NatsTls } from '../config/config.js';

/** What a pod needs to reach NATS and nobody may read: files and environment variables from one Secret. */
export interface NatsSecret {
  readonly name: string;
  /** Keys with text that says what belongs there; a key with a dot is a file, others are environment variables. */
  readonly stringData: Readonly<Record<string, string>>;
  readonly variables: readonly string[];
  /** Where the files are; undefined when there are none. */
  readonly folder: string | undefined;
  /** The configuration with the files at their new place, and without what the variables say. */
  readonly nats: NatsConfig;
}

const NAME = 'jetstream-status-nats';
const FOLDER = '/etc/jetstream-status-nats';
const TLS_FILES = { ca: 'ca.pem', cert: 'client.pem', key: 'client-key.pem' };

/** Holds none of the values, only where they go. @returns undefined when NATS asks for nothing */
export function natsSecret(nats: NatsConfig): NatsSecret | undefined {
  const { auth, files: authFiles, variables } = movedAuth(nats.auth);
  const { tls, files: tlsFiles } = movedTls(nats.tls);
  const files = [...authFiles, ...tlsFiles];
  if (files.length + variables.length === 0) return undefined;
  return {
    name: NAME,
    stringData: Object.fromEntries([
      ...files.map((file) => [file, `the content of ${file}`] as const),
      ...variables.map((name) => [name, `the value of ${name}`] as const),
    ]),
    variables,
    folder: files.length === 0 ? undefined : FOLDER,
    nats: { ...nats, auth, ...(tls !== undefined && { tls }) },
  };
}

interface MovedAuth {
  readonly auth: NatsAuth;
  readonly files: readonly string[];
  readonly variables: readonly string[];
}

function movedAuth(auth: NatsAuth): MovedAuth {
  const nothing = { auth: { method: 'none' }, files: [], variables: [] } as const;
  switch (auth.method) {
    case 'none':
      return nothing;
    case 'user':
      return { ...nothing, variables: ['NATS_USER', 'NATS_PASSWORD'] };
    case 'token':
      return { ...nothing, variables: ['NATS_TOKEN'] };
    case 'nkey':
      return { ...nothing, ...inFile('nkey', 'monitor.nk') };
    // A user JWT of a command line context and its seed are what a credentials file holds.
    case 'jwt':
    case 'creds':
      return { ...nothing, ...inFile('creds', 'monitor.creds') };
  }
}

function inFile(method: 'creds' | 'nkey', file: string): Pick<MovedAuth, 'auth' | 'files'> {
  return { auth: { method, path: `${FOLDER}/${file}` }, files: [file] };
}

function movedTls(tls: NatsTls | undefined): { tls: NatsTls | undefined; files: string[] } {
  if (tls === undefined) return { tls, files: [] };
  const files: string[] = [];
  const moved: { -readonly [Key in keyof NatsTls]: NatsTls[Key] } = { ...tls };
  for (const key of ['ca', 'cert', 'key'] as const) {
    if (tls[key] === undefined) continue;
    moved[key] = `${FOLDER}/${TLS_FILES[key]}`;
    files.push(TLS_FILES[key]);
  }
  return { tls: moved, files };
}
