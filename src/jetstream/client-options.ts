import type { ConnectionOptions } from 'nats';
import type { NatsConfig, NatsTls } from '../config/config.js';
import type { Credentials } from './credentials.js';

/** A stopped server still accepts TCP: a dial that takes longer goes on to the next server. */
export const DIAL_TIMEOUT_MS = 2000;

/** What the client library is told. Its defaults give up for good after ten failed reconnects. */
export function clientOptions(nats: NatsConfig, credentials: Credentials): ConnectionOptions {
  return {
    name: 'jetstream-status',
    servers: [...nats.servers],
    inboxPrefix: nats.inboxPrefix,
    ...credentials,
    ...(nats.tls !== undefined && { tls: tlsOptions(nats.tls) }),
    timeout: DIAL_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 250,
    reconnectJitterTLS: 250,
    // A server that hangs is noticed within 5 s and not within minutes.
    pingInterval: 2000,
    maxPingOut: 2,
    // Two refused logins in a row would close the connection for good.
    ignoreAuthErrorAbort: true,
    // A stack trace per request costs a quarter of the request.
    noAsyncTraces: true,
  };
}

/** Present, even empty, it makes the client refuse servers without TLS. */
function tlsOptions({ ca, cert, key, first }: NatsTls): NonNullable<ConnectionOptions['tls']> {
  return {
    ...(ca !== undefined && { caFile: ca }),
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
    ...(first && { handshakeFirst: true }),
  };
}
