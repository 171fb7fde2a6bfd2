import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAdminApp } from '../../src/http/admin-app.js';
import { startHttpServer } from '../../src/http/server.js';
import type { HttpServer } from '../../src/http/server.js';
import { exchange, requestText } from './raw-http.js';

let server: HttpServer;
let inspect: () => unknown;
let metrics: () => Promise<{ type: string; body: string }>;
let logged: unknown[][];
let time: number;

beforeEach(async () => {
  time = 0;
  metrics = () => Promise.reject(new Error('not asked for'));
  logged = [];
  const log = { error: (...line: unknown[]) => void logged.push(line) };
  const clock = { now: () => time };
  const app = createAdminApp({
    inspect: () => inspect(),
    metrics: () => metrics(),
    readiness: { ready: () => true, draining: () => false },
    log,
    clock,
  });
  server = await startHttpServer({ host: '127.0.0.1', port: 0 }, app, { log, clock });
});

afterEach(async () => {
  await server.close();
});

test('/debug/consumers shows what it is given, to no other site and no cache', async () => {
  inspect = () => ({ consumers: [{ stream: 'INFRA', consumer: 'größe' }] });
  const answer = await exchange(server.port, requestText('GET', '/debug/consumers'));
  expect(answer.code).toBe(200);
  expect(JSON.parse(answer.body)).toEqual(inspect());
  expect(answer.header('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.header('cache-control')).toBe('no-store');
  expect(answer.header('x-content-type-options')).toBe('nosniff');
  expect(answer.header('cross-origin-resource-policy')).toBe('same-origin');
  expect(answer.header('access-control-allow-origin')).toBeUndefined();
  const head = await exchange(server.port, requestText('HEAD', '/debug/consumers'));
  expect(head.header('content-length')).toBe(answer.header('content-length'));
});

test.each([
  ['GET', '/livez', 200],
  ['GET', '/readyz', 200],
  ['GET', '/api/v2/status', 404],
  ['GET', '/debug/consumers/', 404],
  ['POST', '/debug/consumers', 405],
  ['OPTIONS', '/debug/consumers', 204],
])('%s %s: %i', async (method, target, code) => {
  inspect = () => ({});
  expect((await exchange(server.port, requestText(method, target))).code).toBe(code);
});

test('a handler that throws: a constant 500 without the reason, and one line a second in the log', async () => {
  inspect = () => {
    throw new Error('secret reason');
  };
  for (const at of [0, 10, 999, 1000]) {
    time = at;
    const answer = await exchange(server.port, requestText('GET', '/debug/consumers'));
    expect(answer.code).toBe(500);
    expect(answer.header('content-type')).toBe('application/problem+json');
    expect(answer.header('x-content-type-options')).toBe('nosniff');
    expect(answer.body).toBe(
      '{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"The request could not be answered."}',
    );
  }
  expect(logged).toHaveLength(2);
  expect(logged[1]).toEqual([
    { err: new Error('secret reason'), left_out: 2 },
    'a request could not be answered',
  ]);
});

test('/metrics sends what is rendered, to no other site and no cache', async () => {
  metrics = () => Promise.resolve({ type: 'text/plain; version=0.0.4; charset=utf-8', body: 'größe 1\n' });
  const answer = await exchange(server.port, requestText('GET', '/metrics'));
  expect([answer.code, answer.body]).toEqual([200, 'größe 1\n']);
  expect(answer.header('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.header('cache-control')).toBe('no-store');
  expect(answer.header('cross-origin-resource-policy')).toBe('same-origin');
  expect(answer.header('access-control-allow-origin')).toBeUndefined();
  const head = await exchange(server.port, requestText('HEAD', '/metrics'));
  expect([head.code, head.header('content-length'), head.body]).toEqual([200, '10', '']);
});

test('metrics that cannot be rendered are a constant 500', async () => {
  metrics = () => Promise.reject(new Error('secret'));
  const answer = await exchange(server.port, requestText('GET', '/metrics'));
  expect(answer.code).toBe(500);
  expect(answer.body).not.toContain('secret');
  expect(logged).toHaveLength(1);
});
