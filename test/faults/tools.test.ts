import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, Empty } from 'nats';
import { connect as connectTcp } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { ChaosProxy, Treatment } from '../support/chaos-proxy.js';
import { startChaosProxy } from '../support/chaos-proxy.js';
import { startFakeNats } from '../support/fake-nats.js';
import { paced } from '../support/pace.js';

/** The tools that make faults must make them: a proxy that passes everything would let every test pass. */
describe('the chaos proxy', () => {
  const running: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });

  async function echoThrough(): Promise<ChaosProxy> {
    const echo = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const proxy = await startChaosProxy((echo.address() as AddressInfo).port, () => 0.5);
    running.push(proxy, { stop: async () => Promise.resolve(echo.close()) });
    return proxy;
  }

  /** What comes back of ten bytes within the time, and how it ended. */
  async function tenBytes(
    proxy: ChaosProxy,
    withinMs: number,
  ): Promise<{ got: string; end: string; tookMs: number }> {
    const socket = connectTcp({ port: proxy.port, host: '127.0.0.1' });
    const startedAt = performance.now();
    let got = '';
    let end = 'open';
    socket.write('0123456789');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      socket.on('close', () => {
        clearTimeout(timer);
      });
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString('latin1');
        if (got.length === 10) resolve();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        end = error.code ?? 'error';
        resolve();
      });
      socket.on('end', () => {
        end = 'ended';
        resolve();
      });
    });
    socket.destroy();
    return { got, end, tookMs: performance.now() - startedAt };
  }

  test.each<[Treatment, { got: string; end: string }]>([
    [{ kind: 'pass' }, { got: '0123456789', end: 'open' }],
    [
      { kind: 'drop', share: 0.6 },
      { got: '', end: 'open' },
    ],
    [
      { kind: 'drop', share: 0.4 },
      { got: '0123456789', end: 'open' },
    ],
    [
      { kind: 'garbage', share: 0.6 },
      { got: '\x80'.repeat(10), end: 'open' },
    ],
    [
      { kind: 'truncate', afterBytes: 4 },
      { got: '0123', end: 'ended' },
    ],
    [
      { kind: 'reset', afterMs: paced(20) },
      { got: '0123456789', end: 'open' },
    ],
    [{ kind: 'blackhole' }, { got: '', end: 'open' }],
  ])('%j', async (treatment, expected) => {
    const proxy = await echoThrough();
    proxy.treat(treatment);
    expect(await tenBytes(proxy, paced(300))).toMatchObject(expected);
  });

  test('delays, drips, resets', async () => {
    const proxy = await echoThrough();
    proxy.treat({ kind: 'delay', ms: 100 });
    expect((await tenBytes(proxy, 1000)).tookMs).toBeGreaterThan(190);
    proxy.treat({ kind: 'drip', bytes: 1, pauseMs: 10 });
    expect((await tenBytes(proxy, 1000)).tookMs).toBeGreaterThan(90);
    proxy.treat({ kind: 'drop', share: 1 });
    const waiting = tenBytes(proxy, 2000);
    setTimeout(() => {
      proxy.resetAll();
    }, 50);
    expect((await waiting).end).toBe('ECONNRESET');
  });

  test('a connection that met the black hole stays half open, a new one does not', async () => {
    const proxy = await echoThrough();
    proxy.treat({ kind: 'blackhole' });
    const old = tenBytes(proxy, 300);
    await new Promise((resolve) => setTimeout(resolve, 50));
    proxy.treat({ kind: 'pass' });
    expect(await tenBytes(proxy, 300)).toMatchObject({ got: '0123456789' });
    expect(await old).toMatchObject({ got: '', end: 'open' });
  });
});

test('the fake server answers a real client with text, bytes, a status, or nothing', async () => {
  const fake = await startFakeNats({
    answer: (subject) =>
      ({ text: '{"a":1}', bytes: new Uint8Array([0, 255]), status: { status: 503 } })[subject],
  });
  const nc = await connect({ servers: fake.url });
  const ask = async (subject: string): Promise<Uint8Array> =>
    (await nc.request(subject, Empty, { timeout: 200 })).data;
  expect(new TextDecoder().decode(await ask('text'))).toBe('{"a":1}');
  expect(await ask('bytes')).toEqual(new Uint8Array([0, 255]));
  await expect(ask('status')).rejects.toMatchObject({ code: '503' });
  await expect(ask('nothing')).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(fake.requests.map(({ subject }) => subject)).toEqual(['text', 'bytes', 'status', 'nothing']);
  await nc.close();
  await fake.stop();
});
