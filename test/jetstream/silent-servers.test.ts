import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { withoutSilentServers } from '../../src/jetstream/silent-servers.js';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/eventually.js';
import { paced } from '../support/pace.js';
import { startService } from '../support/service.js';

const TLS = new URL('../fixtures/tls/', import.meta.url);
const WITHIN_MS = 300;

const peers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(() => {
  for (const { server, sockets } of peers.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});

/** A peer that does something with each connection, and keeps it open if that does not. */
async function peer(
  onConnection: (socket: Socket) => void,
  server: Server = createServer(),
): Promise<{ address: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    onConnection(socket);
  });
  peers.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, sockets };
}

test('only who takes a connection and does not say a line is left out', async () => {
  const silent = await peer(() => undefined);
  const stuck = await peer((socket) => socket.write('INFO {"server_id":'));
  const talking = await peer((socket) => socket.write('INFO {}\r\n'));
  const leaving = await peer((socket) => socket.end());
  const refusing = `127.0.0.1:${String(await freePort())}`;
  const servers = [silent.address, stuck.address, talking.address, leaving.address, refusing, 'localhost:1'];
  expect(await withoutSilentServers({ servers }, WITHIN_MS)).toEqual(servers.slice(2));
  // And nothing is left of it.
  await eventually(() =>
    silent.sockets.size + stuck.sockets.size + talking.sockets.size === 0 ? true : undefined,
  );
});

test('where TLS comes first, its handshake counts', async () => {
  const silent = await peer(() => undefined);
  const secure = await peer(
    () => undefined,
    createTlsServer({
      cert: readFileSync(new URL('server.pem', TLS)),
      key: readFileSync(new URL('server.key', TLS)),
    }),
  );
  const servers = [silent.address, secure.address];
  expect(await withoutSilentServers({ servers, tls: { first: true } }, WITHIN_MS)).toEqual([secure.address]);
});

test('a server that hangs for long costs no sockets', async () => {
  let dials = 0;
  const silent = await peer(() => {
    dials += 1;
  });
  const service = await startService({
    nats: { url: `nats://${silent.address}` },
    poll: { every: '1s' },
    components: { work: { consumers: [{ stream: 'WORK', consumer: 'worker' }] } },
  });
  try {
    await eventually(() => (dials >= 3 ? true : undefined), { withinMs: paced(15_000) });
    // All but the last one are over, and their sockets closed.
    await eventually(() => (silent.sockets.size <= 1 ? true : undefined), { withinMs: paced(1000) });
    const { connection } = (await service.debug()) as { connection: { problem: string } };
    expect(connection.problem).toBe('disconnected');
  } finally {
    await service.stop('SIGKILL');
  }
}, 30_000);
