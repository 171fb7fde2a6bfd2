import type { CliContext } from './cli-context.js';
import type { NatsAuth, NatsConfig, NatsTls } from './config.js';
import type { NatsUrls } from './nats-urls.js';
import type { ParsedConfig } from './schema.js';

type ParsedNats = ParsedConfig['nats'];

const LOCAL_SERVER: NatsUrls = { servers: ['127.0.0.1:4222'], tls: false, auth: undefined };
/** The client's own. */
export const DEFAULT_INBOX_PREFIX = '_INBOX';

/** @param context what is left of it where the file and the environment say nothing */
export function resolveNats(nats: ParsedNats, context: CliContext | undefined): NatsConfig {
  const urls = nats.url ?? context?.urls ?? LOCAL_SERVER;
  const tls = resolveTls(nats, context, urls);
  const domain = nats.domain ?? context?.domain;
  const apiPrefix = nats.api_prefix ?? context?.apiPrefix;
  return {
    servers: urls.servers,
    auth: explicitAuth(nats) ?? urls.auth ?? context?.auth ?? { method: 'none' },
    inboxPrefix: nats.inbox_prefix ?? context?.inboxPrefix ?? DEFAULT_INBOX_PREFIX,
    ...(tls !== undefined && { tls }),
    ...(domain !== undefined && { domain }),
    ...(apiPrefix !== undefined && { apiPrefix }),
  };
}

/** The schema has seen to it that there is one way at most. */
function explicitAuth({ user, password, token, creds, nkey }: ParsedNats): NatsAuth | undefined {
  if (user !== undefined && password !== undefined) return { method: 'user', user, password };
  if (creds !== undefined) return { method: 'creds', path: creds };
  if (nkey !== undefined) return { method: 'nkey', path: nkey };
  if (token !== undefined) return { method: 'token', token };
  return undefined;
}

function resolveTls(nats: ParsedNats, context: CliContext | undefined, urls: NatsUrls): NatsTls | undefined {
  if (nats.tls === undefined && context?.tls === undefined && !urls.tls) return undefined;
  return { first: false, ...context?.tls, ...nats.tls };
}
