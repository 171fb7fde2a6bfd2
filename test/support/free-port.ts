import { once } from 'node:events';
import type { Server } from 'node:net';
import { createServer } from 'node:net';

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/**
 * So many ports that nobody listens on at this moment, each another one. Below the ports that the system gives to
 * whoever asks for any: one of those may be given away again before it is opened, and while a server that had it is
 * down.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const listener = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      listener.once('error', () => {
        resolve(false);
      });
      listener.listen(port, '127.0.0.1', () => {
        resolve(true);
      });
    });
    if (isFree) held.set(port, listener);
  }
  await Promise.all(
    [...held.values()].map(async (listener) => {
      listener.close();
      await once(listener, 'close');
    }),
  );
  return [...held.keys()];
}
