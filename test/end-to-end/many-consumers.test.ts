import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { NatsConnection } from 'nats';
import { connect } from 'nats';
import { describeWithNats } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { paced, pacedInterval } from '../support/pace.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

const STREAMS = 100;
/** So few of each stream that they are asked about one by one. */
const PER_STREAM = 50;
const EVERY_MS = pacedInterval(2000);
const MOST_OUTSTANDING = 16;

/** Passes everything on, and knows how many questions wait for their answer. */
interface Tap {
  readonly url: string;
  mostOutstanding(): number;
  questions(): number;
  stop(): void;
}

describeWithNats('five thousand consumers', (binary) => {
  let server: NatsServer;
  let nc: NatsConnection;
  let tap: Tap;
  let service: RunningService | undefined;

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin });
    nc = await connect({ servers: server.url });
    const names = Array.from({ length: PER_STREAM }, (_, index) => `c${String(index)}`);
    for (let index = 0; index < STREAMS; index++) {
      const stream = `S${String(index)}`;
      await request('STREAM.CREATE', stream, { name: stream, subjects: [stream], storage: 'memory' });
      await Promise.all(
        names.map((name) =>
          request('CONSUMER.DURABLE.CREATE', `${stream}.${name}`, {
            stream_name: stream,
            config: { durable_name: name, ack_policy: 'explicit' },
          }),
        ),
      );
    }
    tap = await startTap(server.port);
  }, 90_000);

  afterAll(async () => {
    await service?.stop('SIGKILL');
    tap.stop();
    await nc.close();
    await server.stop();
  });

  async function request(api: string, name: string, body: object): Promise<void> {
    await nc.request(`$JS.API.${api}.${name}`, JSON.stringify(body), { timeout: paced(20_000) });
  }

  test('are all read in every round, with at most sixteen questions under way', async () => {
    const consumers = Array.from({ length: STREAMS * PER_STREAM }, (_, index) => ({
      stream: `S${String(index % STREAMS)}`,
      consumer: `c${String(Math.floor(index / STREAMS))}`,
    }));
    service = await startService({
      nats: { url: tap.url },
      poll: { every: `${String(EVERY_MS / 1000)}s` },
      components: { many: { consumers } },
    });
    // Nobody works on them: what is said once all of them were read twice, and that is confirmed.
    await service.until('many', ({ status, detail }) => status === 'down' && detail === 'no live pullers', {
      withinMs: paced(30_000),
    });
    const { age, state } = await service.status('many');
    expect(state).toBe('fresh');
    // Of a round that ends before the next one begins.
    expect(age * 1000).toBeLessThan(2 * EVERY_MS);
    expect(tap.questions()).toBeGreaterThanOrEqual(2 * consumers.length);
    expect(tap.mostOutstanding()).toBeGreaterThan(1);
    expect(tap.mostOutstanding()).toBeLessThanOrEqual(MOST_OUTSTANDING);
  }, 60_000);
});

async function startTap(targetPort: number): Promise<Tap> {
  let questions = 0;
  let answers = 0;
  let most = 0;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const target = connectTcp(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    const asked = createCounter(/PUB \$JS\.API\.CONSUMER\.INFO\.\S+ /g);
    const answered = createCounter(/\r\nH?MSG _INBOX\S* |^H?MSG _INBOX\S* /g);
    client.on('data', (chunk: Buffer) => {
      questions += asked(chunk);
      most = Math.max(most, questions - answers);
      target.write(chunk);
    });
    target.on('data', (chunk: Buffer) => {
      answers += answered(chunk);
      client.write(chunk);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `nats://127.0.0.1:${String((listener.address() as AddressInfo).port)}`,
    mostOutstanding: () => most,
    questions: () => questions,
    stop() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Counts what matches in a stream of chunks, also where a chunk ends in the middle of it. */
function createCounter(pattern: RegExp): (chunk: Buffer) => number {
  let rest = '';
  return (chunk) => {
    const text = rest + chunk.toString('latin1');
    let end = 0;
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      count += 1;
      end = match.index + match[0].length;
    }
    rest = text.slice(Math.max(end, text.length - 200));
    return count;
  };
}
