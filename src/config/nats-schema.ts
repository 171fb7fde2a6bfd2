import * as z from 'zod';
import { isSubject } from './nats-names.js';
import { relations } from './relations.js';
import type { Refuse, Values } from './relations.js';
import { filePath, flag, natsUrls, text } from './value-schemas.js';

const TEXT = 'must be text; a number goes in quotes';
const DOMAIN = 'must be the name of a JetStream domain: no spaces, dots, "*" or ">"';
const API_PREFIX = 'must be a subject such as JS.hub.API, without spaces or wildcards';
const INBOX_PREFIX = 'must be a subject such as _INBOX_status, without spaces or wildcards';

/** Ways to authenticate and their keys; only one way can be set. */
export const AUTH_KEYS = {
  user: ['user', 'password'],
  creds: ['creds'],
  nkey: ['nkey'],
  token: ['token'],
} as const;

const tlsSchema = z
  .strictObject({
    ca: filePath()
      .exactOptional()
      .meta({ description: 'File with the certificates that the server may be signed by', secret: true }),
    cert: filePath()
      .exactOptional()
      .meta({ description: "File with the client's own certificate", secret: true }),
    key: filePath()
      .exactOptional()
      .meta({ description: "File with the key of the client's certificate", secret: true }),
    first: flag()
      .exactOptional()
      .describe(
        'Start TLS before the first line of the server (its handshake_first setting). Default: false',
      ),
  })
  .superRefine(
    ...relations(({ cert, key }, refuse) => {
      if (cert !== undefined && key === undefined) refuse(['cert'], 'needs nats.tls.key as well');
      if (key !== undefined && cert === undefined) refuse(['key'], 'needs nats.tls.cert as well');
    }),
  );

export const natsSchema = z
  .strictObject({
    url: natsUrls().exactOptional().meta({
      description:
        'Servers, separated by commas; tls:// refuses connections without TLS; user:password@ and token@ are honoured. Default: nats://127.0.0.1:4222',
      secret: true,
    }),
    context: text('must be the name of a nats CLI context')
      .exactOptional()
      .describe('Name of a context of the nats command line; keys set here win over it'),
    user: text(TEXT).exactOptional().meta({ description: 'User name', secret: true }),
    password: text(TEXT, () => true)
      .exactOptional()
      .meta({ description: 'Password of the user', secret: true }),
    token: text(TEXT).exactOptional().meta({ description: 'Token', secret: true }),
    creds: filePath().exactOptional().meta({ description: 'Credentials file (JWT and seed)', secret: true }),
    nkey: filePath().exactOptional().meta({ description: 'File with an nkey seed', secret: true }),
    tls: tlsSchema.exactOptional().describe('Present, even when empty: no connection without TLS'),
    domain: text(DOMAIN, (value) => isSubject(value) && !value.includes('.'))
      .exactOptional()
      .describe('JetStream domain'),
    api_prefix: text(API_PREFIX, (value) => isSubject(withoutTrailingDot(value)))
      .transform(withoutTrailingDot)
      .exactOptional()
      .describe('Prefix of the JetStream API, for imports from another account; not together with domain'),
    inbox_prefix: text(INBOX_PREFIX, (value) => isSubject(withoutTrailingDot(value)))
      .transform(withoutTrailingDot)
      .exactOptional()
      .describe('Prefix of the subjects for answers. Default: _INBOX'),
  })
  .superRefine(
    ...relations((nats, refuse) => {
      checkAuth(nats, refuse);
      if (nats.domain !== undefined && nats.api_prefix !== undefined) {
        refuse(['api_prefix'], 'cannot be set together with nats.domain; a domain is a prefix already');
      }
    }),
  );

function checkAuth(nats: Values, refuse: Refuse): void {
  const set = Object.values(AUTH_KEYS).flatMap((keys) =>
    keys.filter((key) => nats[key] !== undefined).slice(0, 1),
  );
  const [first, ...others] = set;
  for (const key of others) {
    refuse([key], `cannot be set together with nats.${String(first)}; choose one way to authenticate`);
  }
  if (nats.user !== undefined && nats.password === undefined) {
    refuse(['user'], 'needs nats.password as well (or NATS_PASSWORD in the environment)');
  }
  if (nats.password !== undefined && nats.user === undefined) {
    refuse(['password'], 'needs nats.user as well (or NATS_USER in the environment)');
  }
}

function withoutTrailingDot(subject: string): string {
  return subject.endsWith('.') ? subject.slice(0, -1) : subject;
}
