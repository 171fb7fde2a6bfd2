import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { NatsConfig } from '../config/config.js';

const DEFAULT_PORT = 4222;

/**
 * The servers but those that take a connection and then do not say their first line, as a stopped process does.
 *
 * The client library never closes the socket of a dial that it gave up while it waited for the server's first line:
 * one socket with every dial, for as long as the server hangs, until there is none left to answer HTTP with. So we
 * wait for that line on a socket of our own first. A server that refuses or breaks off stays in the list: the client
 * tells better what is wrong with it, and such a socket is closed.
 *
 * @param timeoutMs how long each server may take; all are asked at once
 */
export async function withoutSilentServers(
  { servers, tls }: Pick<NatsConfig, 'servers' | 'tls'>,
  timeoutMs: number,
): Promise<readonly string[]> {
  const silent = await Promise.all(servers.map((server) => isSilent(dialled(server, tls?.first), timeoutMs)));
  return servers.filter((_, index) => silent[index] === false);
}

/** Where TLS comes first it is the server that waits: then its part of the handshake is what counts. */
function dialled(server: string, isTlsFirst = false): Socket {
  const { hostname, port } = new URL(`nats://${server}`);
  const address = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORT : Number(port),
  };
  // Nothing that is said is used, so it does not matter who the peer is.
  return isTlsFirst ? connectTls({ ...address, rejectUnauthorized: false }) : connectTcp(address);
}

async function isSilent(socket: Socket, timeoutMs: number): Promise<boolean> {
  const silent = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, true);
    const heard = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    // It may come in pieces, and end in the middle.
    socket.on('data', (chunk: Buffer) => {
      if (chunk.includes('\n')) heard();
    });
    socket.once('secureConnect', heard).once('close', heard);
    // Told by the close that follows.
    socket.on('error', () => undefined);
  });
  socket.destroy();
  return silent;
}
