import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { listenOnLoopback } from './chaos-proxy.js';

/** What a request is answered with: the text or bytes of a message, a status as `503`, or nothing at all. */
export type FakeAnswer = string | Uint8Array | { readonly status: number } | undefined;

/** A TCP peer that speaks as much NATS as a client needs, and answers requests with whatever a test wants. */
export interface FakeNats {
  readonly url: string;
  readonly port: number;
  /** Subjects of all requests so far with the monotonic ms at which they came. */
  readonly requests: readonly { readonly subject: string; readonly at: number }[];
  /** Sends bytes to every client that is no valid protocol unless the test makes it so. */
  say(bytes: string): void;
  stop(): Promise<void>;
}

export interface FakeNatsOptions {
  /** @param subject of the request: `$JS.API.CONSUMER.INFO.S.c` */
  readonly answer: (subject: string, payload: string) => FakeAnswer;
  readonly version?: string;
}

const HEAD = /^(PUB|HPUB) (\S+) (?:(\S+) )?(?:\d+ )?(\d+)$/;
const SUB = /^SUB (\S+) (?:\S+ )?(\S+)$/;
const UNSUB = /^UNSUB (\S+)/;

export async function startFakeNats({ answer, version = '2.10.27' }: FakeNatsOptions): Promise<FakeNats> {
  const requests: { subject: string; at: number }[] = [];
  const sockets = new Set<Socket>();

  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.write(`INFO ${JSON.stringify(infoOf(version, port))}\r\n`);
    const subscriptions = new Map<string, string>();
    let received = Buffer.alloc(0);

    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const end = received.indexOf('\r\n');
        if (end === -1) return;
        const line = received.subarray(0, end).toString('latin1');
        const [, , subject = '', reply, size = '0'] = HEAD.exec(line) ?? [];
        const bodyEnd = end + 2 + (subject === '' ? 0 : Number(size) + 2);
        if (received.length < bodyEnd) return;
        const payload = received.subarray(end + 2, Math.max(end + 2, bodyEnd - 2)).toString('utf8');
        received = received.subarray(bodyEnd);
        if (subject === '') take(line);
        else if (reply !== undefined) request({ subject, reply, payload });
      }
    });

    const take = (line: string): void => {
      if (line.toUpperCase() === 'PING') socket.write('PONG\r\n');
      const [, subject, sid] = SUB.exec(line) ?? [];
      if (subject !== undefined && sid !== undefined) subscriptions.set(sid, subject);
      subscriptions.delete(UNSUB.exec(line)?.[1] ?? '');
    };
    const request = (asked: { subject: string; reply: string; payload: string }): void => {
      requests.push({ subject: asked.subject, at: performance.now() });
      const given = answer(asked.subject, asked.payload);
      const sid = [...subscriptions].find(([, subject]) => matches(subject, asked.reply))?.[0];
      if (given !== undefined && sid !== undefined) socket.write(messageOf(given, asked.reply, sid));
    };
  });

  const port = await listenOnLoopback(listener);
  return {
    url: `nats://127.0.0.1:${String(port)}`,
    port,
    requests,
    say(bytes) {
      for (const socket of sockets) socket.write(bytes, 'latin1');
    },
    async stop() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
}

function infoOf(version: string, port: number): object {
  return {
    ...{ server_id: 'FAKE', server_name: 'fake', version, proto: 1, host: '127.0.0.1', port },
    ...{ headers: true, max_payload: 1_048_576, jetstream: true, client_id: 1 },
  };
}

function messageOf(given: string | Uint8Array | { status: number }, reply: string, sid: string): Buffer {
  if (typeof given === 'object' && 'status' in given) {
    const header = `NATS/1.0 ${String(given.status)}\r\n\r\n`;
    return Buffer.from(
      `HMSG ${reply} ${sid} ${String(header.length)} ${String(header.length)}\r\n${header}\r\n`,
    );
  }
  const body = Buffer.from(given);
  return Buffer.concat([
    Buffer.from(`MSG ${reply} ${sid} ${String(body.length)}\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
}

function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  if (wanted.at(-1) === '>') return wanted.slice(0, -1).every((token, i) => fits(token, tokens[i]));
  return wanted.length === tokens.length && wanted.every((token, i) => fits(token, tokens[i]));
}

function fits(wanted: string, token: string | undefined): boolean {
  return wanted === '*' || wanted === token;
}
