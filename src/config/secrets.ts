import type { Config } from './config.js';

/** Shorter ones occur in any text: hiding them would only garble the log. */
const MIN_LENGTH = 4;

/** What must never be written anywhere: passwords, tokens and user JWTs, also as they stand in a URL. */
export function secretsOf({ nats }: Pick<Config, 'nats'>): readonly string[] {
  const { auth } = nats;
  const plain =
    auth.method === 'user'
      ? [auth.password]
      : auth.method === 'token'
        ? [auth.token]
        : auth.method === 'jwt'
          ? [auth.jwt]
          : [];
  return [...new Set(plain.flatMap((secret) => [secret, inUrl(secret)]))].filter(
    (secret) => secret.length >= MIN_LENGTH,
  );
}

function inUrl(secret: string): string {
  // Half a surrogate pair cannot stand in a URL.
  return encodeURIComponent(secret.replaceAll(/\p{Surrogate}/gu, ''));
}
