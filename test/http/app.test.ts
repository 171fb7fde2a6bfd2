import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createApp } from '../../src/http/app.js';
import type { Responder } from '../../src/http/responder.js';
import { startHttpServer } from '../../src/http/server.js';
import type { HttpServer } from '../../src/http/server.js';
import { exchange, RawClient, requestText } from './raw-http.js';

const REASON = 'the secret reason';
const throws: Responder = () => {
  throw new Error(REASON);
};
const RESPONDERS: Readonly<Record<string, Responder>> = {
  throws,
  rejects: () => Promise.reject(new Error(REASON)),
  'throws-a-404': () => {
    throw Object.assign(new Error(REASON), { status: 404, expose: true });
  },
  'throws-no-error': () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a handler of bad manners may do
    throw REASON;
  },
  'breaks-off': (_req, res) => {
    res.writeHead(200, ['Content-Length', '10']);
    res.write('half');
    throw new Error(REASON);
  },
  works: (_req, res) => {
    res.end('works');
  },
};

let server: HttpServer;
let logged: unknown[][];
let time: number;

beforeEach(async () => {
  logged = [];
  time = 0;
  const deps = {
    log: { error: (...line: unknown[]) => void logged.push(line) },
    clock: { now: () => time },
  };
  const byName = new Map(Object.entries(RESPONDERS));
  const app = createApp({
    routes: [{ path: '/:name', find: ({ name = '' }) => byName.get(name) }],
    hot: new Map([['/hot', throws]]),
    ...deps,
  });
  server = await startHttpServer({ host: '127.0.0.1', port: 0 }, app, deps);
});

afterEach(async () => {
  await server.close();
});

test.each(['/throws', '/rejects', '/throws-a-404', '/throws-no-error', '/hot'])(
  '%s: the constant 500, the reason in the log alone',
  async (target) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await exchange(server.port, requestText(method, target));
      expect([answer.code, answer.header('content-type')]).toEqual([500, 'application/problem+json']);
      expect(answer.header('access-control-allow-origin')).toBe('*');
      expect(JSON.stringify(answer)).not.toContain(REASON);
      time += 1000;
    }
    expect(logged).toHaveLength(2);
    expect(String((logged[0]?.[0] as { err: unknown }).err)).toContain(REASON);
  },
);

test('half an answer is broken off, and the next request is served', async () => {
  const client = new RawClient(server.port);
  client.send(requestText('GET', '/breaks-off'));
  await client.closed();
  expect(client.unread).not.toContain('problem');
  expect((await exchange(server.port, requestText('GET', '/works'))).body).toBe('works');
});

test('however many requests fail, the log gets one line a second', async () => {
  for (let i = 0; i < 50; i += 1) {
    await exchange(server.port, requestText('GET', i % 2 === 0 ? '/hot' : '/rejects'));
    time += 50;
  }
  expect(logged).toHaveLength(3);
});

test('a responder only ever sees GET and HEAD', async () => {
  for (const [method, code] of [
    ['POST', 405],
    ['OPTIONS', 204],
  ] as const) {
    for (const target of ['/throws', '/works']) {
      expect((await exchange(server.port, requestText(method, target))).code).toBe(code);
    }
  }
  expect(logged).toEqual([]);
});
