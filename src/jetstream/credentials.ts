import { readFile } from 'node:fs/promises';
import { credsAuthenticator, jwtAuthenticator, nkeyAuthenticator } from 'nats';
import type { ConnectionOptions } from 'nats';
import type { NatsAuth } from '../config/config.js';

/** The options of the client that say who it is. */
export type Credentials = Pick<ConnectionOptions, 'user' | 'pass' | 'token' | 'authenticator'>;

/** Reads the files anew at each call, so that rotated credentials are picked up. Rejects when one cannot be read. */
export async function readCredentials(auth: NatsAuth): Promise<Credentials> {
  switch (auth.method) {
    case 'none':
      return {};
    case 'user':
      return { user: auth.user, pass: auth.password };
    case 'token':
      return { token: auth.token };
    case 'creds':
      return { authenticator: credsAuthenticator(await readFile(auth.path)) };
    case 'nkey':
      return { authenticator: nkeyAuthenticator(await readSeed(auth.path)) };
    case 'jwt':
      return {
        authenticator:
          auth.nkeyPath === undefined
            ? jwtAuthenticator(auth.jwt)
            : jwtAuthenticator(auth.jwt, await readSeed(auth.nkeyPath)),
      };
  }
}

const SEED = /^\s*(S[A-Z][A-Z2-7]{56})\s*$/m;

/** The line with the seed; such files may hold comments and decoration around it. */
async function readSeed(path: string): Promise<Uint8Array> {
  const text = await readFile(path, 'utf8');
  return new TextEncoder().encode(SEED.exec(text)?.[1] ?? text.trim());
}
