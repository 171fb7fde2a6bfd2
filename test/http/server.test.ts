import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { startHttpServer } from '../../src/http/server.js';
import type { HttpServer } from '../../src/http/server.js';
import { ListenError } from '../../src/http/listen-error.js';
import { startPublicSetup } from './public-setup.js';
import { RawClient, requestText } from './raw-http.js';

const LOCAL = { host: '127.0.0.1', port: 0 };
const deps = { log: { error: () => undefined }, clock: { now: () => performance.now() } };
const hello: RequestListener = (_req, res) => res.end('hello');
const opened: { close(): Promise<void> }[] = [];

async function start(handler: RequestListener): Promise<HttpServer> {
  const server = await startHttpServer(LOCAL, handler, deps);
  opened.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

describe('opening', () => {
  test('port 0 picks a free one and the url names it', async () => {
    const { url, port } = await start(hello);
    expect(url).toBe(`http://127.0.0.1:${String(port)}`);
    expect(await (await fetch(url)).text()).toBe('hello');
  });

  test('a port in use is an error that names host and port; the first server is unharmed', async () => {
    const first = await start(hello);
    const second = startHttpServer({ host: '127.0.0.1', port: first.port }, hello, deps);
    await expect(second).rejects.toBeInstanceOf(ListenError);
    await expect(second).rejects.toThrow(
      `cannot listen on 127.0.0.1:${String(first.port)}: the port is already in use`,
    );
    expect(await (await fetch(first.url)).text()).toBe('hello');
  });

  test('an address of another machine is an error', async () => {
    const elsewhere = startHttpServer({ host: '192.0.2.1', port: 0 }, hello, deps);
    await expect(elsewhere).rejects.toThrow(
      'cannot listen on 192.0.2.1:0: this machine does not have the address',
    );
  });
});

test('another handler takes over open connections too', async () => {
  const { port, use } = await start(hello);
  const client = new RawClient(port);
  client.send(requestText('GET', '/'));
  expect((await client.answer()).header('connection')).toBe('keep-alive');
  use((_req, res) => {
    res.writeHead(200, ['Content-Length', '3']);
    res.end('new');
  });
  client.send(requestText('GET', '/'));
  expect((await client.answer()).body).toBe('new');
  client.destroy();
});

describe('closing', () => {
  test('idle connections are closed at once, and nobody can connect any more', async () => {
    const server = await start(hello);
    const client = new RawClient(server.port);
    client.send(requestText('GET', '/'));
    await client.answer();
    await server.close();
    await client.closed();
    const late = new RawClient(server.port);
    await late.closed();
  });

  test('a request in flight is answered with Connection: close, and closing ends with it', async () => {
    const events: string[] = [];
    let arrive: (res: ServerResponse) => void = () => undefined;
    const arrived = new Promise<ServerResponse>((resolve) => {
      arrive = resolve;
    });
    const server = await start((_req, res) => {
      arrive(res);
    });
    const client = new RawClient(server.port);
    client.send(requestText('GET', '/'));
    const res = await arrived;
    const closing = server.close().then(() => events.push('closed'));
    // Long enough for the sweep of idle connections to have passed by this one.
    await new Promise((resolve) => setTimeout(resolve, 250));
    events.push('answered');
    res.writeHead(200, ['Content-Length', '4']).end('late');
    const answer = await client.answer();
    expect([answer.body, answer.header('connection')]).toEqual(['late', 'close']);
    await client.closed();
    await closing;
    expect(events).toEqual(['answered', 'closed']);
  });

  test('every answer while draining says Connection: close, on the hot and on the ordinary path', async () => {
    const setup = await startPublicSetup();
    setup.put('infra');
    const targets = ['/api/v2/status/infra', '/livez', '/nothing'];
    // Half a request is a connection that is not idle: it survives the start of closing.
    const clients = targets.map((target) => {
      const client = new RawClient(setup.server.port);
      client.send(requestText('GET', '/livez') + requestText('GET', target).slice(0, -2));
      return client;
    });
    for (const client of clients) await client.answer();
    const closing = setup.server.close();
    const answers = await Promise.all(
      clients.map((client) => {
        client.send('\r\n');
        return client.answer();
      }),
    );
    expect(answers.map(({ code, header }) => [code, header('connection')])).toEqual([
      [200, 'close'],
      [200, 'close'],
      [404, 'close'],
    ]);
    await closing;
    setup.app.dispose();
  });

  test('requests that had arrived when closing began are answered', async () => {
    const setup = await startPublicSetup();
    setup.put('infra');
    const clients = Array.from({ length: 20 }, () => new RawClient(setup.server.port));
    for (const client of clients) client.send(requestText('GET', '/livez'));
    for (const client of clients) await client.answer();
    for (const client of clients) client.send(requestText('GET', '/api/v2/status/infra'));
    // Written to the kernel, and not read by the server yet: no turn of the event loop has passed.
    const closing = setup.server.close();
    for (const client of clients) expect((await client.answer()).code).toBe(200);
    await closing;
    setup.app.dispose();
  });

  test('silent sockets and an answer without end are cut off at 4 s', async () => {
    const server = await start((_req, res) => {
      res.writeHead(200, ['Content-Type', 'text/event-stream']);
      res.write(':\n\n');
    });
    const silent = new RawClient(server.port);
    await once(silent.socket, 'connect');
    const endless = new RawClient(server.port);
    endless.send(requestText('GET', '/'));
    await endless.answer();
    const started = performance.now();
    await server.close();
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(3900);
    expect(took).toBeLessThan(5000);
    await Promise.all([silent.closed(), endless.closed()]);
  }, 10_000);

  test('is the same promise however often it is called', async () => {
    const server = await start(hello);
    expect(server.close()).toBe(server.close());
    await server.close();
  });
});
