import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to bytes on their way, in both directions. */
export type Treatment =
  | { readonly kind: 'pass' }
  /** Late by `ms`, and by up to `jitterMs` more; the order stays. */
  | { readonly kind: 'delay'; readonly ms: number; readonly jitterMs?: number }
  /** A share of the chunks is lost. */
  | { readonly kind: 'drop'; readonly share: number }
  /** A share of the chunks has its bytes replaced. */
  | { readonly kind: 'garbage'; readonly share: number }
  /** So many bytes at a time, with a pause between them. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly pauseMs: number }
  /** Each connection ends after so many bytes from the server, wherever that is. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** Connections are reset so soon after they were made. */
  | { readonly kind: 'reset'; readonly afterMs: number }
  /** Taken and never answered: a connection that met this once is half open for ever. */
  | { readonly kind: 'blackhole' };

/** A TCP proxy on the loopback that misbehaves as told. */
export interface ChaosProxy {
  readonly url: string;
  readonly port: number;
  /** For all bytes from now on, also on connections that are open. */
  treat(treatment: Treatment): void;
  /** Ends all present connections by RST. */
  resetAll(): void;
  /** Connections made so far. */
  connects(): number;
  /** Requests to the JetStream API that were on their way to the server so far. */
  apiRequests(): number;
  stop(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  isDead: boolean;
  fromServer: number;
}

/** @param random numbers in [0, 1), so that a run can be repeated */
export async function startChaosProxy(
  targetPort: number,
  random: () => number = Math.random,
): Promise<ChaosProxy> {
  let treatment: Treatment = { kind: 'pass' };
  let made = 0;
  let apiRequests = 0;
  const links = new Set<Link>();
  const listener = createServer({ noDelay: true }, (client) => {
    made += 1;
    const server = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const link: Link = { client, server, isDead: false, fromServer: 0 };
    links.add(link);
    const over = (): void => {
      links.delete(link);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', over);
    client.on('close', over);
    // A half-open connection does not tell its other end that it is over.
    server.on('close', () => {
      if (!link.isDead) over();
    });
    if (treatment.kind === 'reset') setTimeout(reset, treatment.afterMs, link);
    void carry(link, client, server).catch(over);
    void carry(link, server, client).catch(over);
  });

  async function carry(link: Link, from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (from === link.client) apiRequests += chunk.toString('latin1').split('$JS.API.').length - 1;
      const told = treatment;
      if (told.kind === 'blackhole') link.isDead = true;
      if (link.isDead) continue;
      await pass(link, { chunk, to, told });
    }
    if (!link.isDead) to.end();
  }

  async function pass(
    link: Link,
    { chunk, to, told }: { chunk: Buffer; to: Socket; told: Treatment },
  ): Promise<void> {
    switch (told.kind) {
      case 'delay':
        await sleep(told.ms + random() * (told.jitterMs ?? 0));
        to.write(chunk);
        return;
      case 'drop':
        if (random() >= told.share) to.write(chunk);
        return;
      case 'garbage':
        to.write(random() < told.share ? chunk.map(() => Math.floor(random() * 256)) : chunk);
        return;
      case 'drip':
        for (let at = 0; at < chunk.length && !to.destroyed; at += told.bytes) {
          to.write(chunk.subarray(at, at + told.bytes));
          await sleep(told.pauseMs);
        }
        return;
      case 'truncate':
        if (to === link.client) link.fromServer += chunk.length;
        to.write(chunk.subarray(0, Math.max(0, chunk.length - (link.fromServer - told.afterBytes))));
        if (link.fromServer >= told.afterBytes) link.client.end();
        return;
      default:
        to.write(chunk);
    }
  }

  const port = await listenOnLoopback(listener);
  return {
    url: `nats://127.0.0.1:${String(port)}`,
    port,
    treat(next) {
      treatment = next;
      if (next.kind === 'reset') for (const link of links) setTimeout(reset, next.afterMs, link);
    },
    resetAll() {
      for (const link of links) reset(link);
    },
    connects: () => made,
    apiRequests: () => apiRequests,
    async stop() {
      listener.close();
      for (const link of links) reset(link);
      await once(listener, 'close');
    },
  };
}

function reset({ client, server }: Link): void {
  client.resetAndDestroy();
  server.destroy();
}

/** @returns the port */
export async function listenOnLoopback(listener: Server, port = 0): Promise<number> {
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}
