import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPublicSetup } from './public-setup.js';
import type { PublicSetup } from './public-setup.js';
import { exchange, RawClient, requestText } from './raw-http.js';
import type { RawAnswer } from './raw-http.js';

const INFRA = '/api/v2/status/infra';
const CANARY = 'c4n4ry';

let setup: PublicSetup;
let port: number;
let body: string;

beforeAll(async () => {
  setup = await startPublicSetup();
  port = setup.server.port;
  setup.put('infra');
  setup.put('apps');
  body = (await exchange(port, requestText('GET', INFRA))).body;
});

afterAll(async () => {
  setup.app.dispose();
  await setup.server.close();
  expect(setup.logged).toEqual([]);
});

/** The constant problem of a code, with all headers that every error has, and nothing of the request. */
function expectProblem(answer: RawAnswer, code: number): void {
  const problem = JSON.parse(answer.body) as Record<string, unknown>;
  expect(answer.code).toBe(code);
  expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'detail']);
  expect(problem).toMatchObject({ type: 'about:blank', status: code });
  for (const [name, value] of Object.entries({
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(answer.body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
  })) {
    expect([name, answer.header(name)]).toEqual([name, value]);
  }
  expectNothingForbidden(answer);
}

function expectNothingForbidden(answer: RawAnswer): void {
  const forbidden = ['age', 'server', 'x-powered-by', 'set-cookie', 'strict-transport-security', 'vary'];
  expect(
    answer.headers.map(([name]) => name.toLowerCase()).filter((name) => forbidden.includes(name)),
  ).toEqual([]);
  expect(JSON.stringify(answer.headers) + answer.body).not.toContain(CANARY);
}

function expectStatus(answer: RawAnswer): void {
  expect([answer.code, answer.body]).toEqual([200, body]);
  expect(answer.header('content-type')).toBe('application/json; charset=utf-8');
  expectNothingForbidden(answer);
}

describe('OPTIONS', () => {
  test.each([INFRA, '/api/v2/status', '/livez', '*'])('%s: 204 with Allow and CORS', async (target) => {
    const answer = await exchange(
      port,
      requestText('OPTIONS', target, [
        `Origin: https://${CANARY}.example`,
        'Access-Control-Request-Method: GET',
        `Access-Control-Request-Headers: ${CANARY}`,
      ]),
    );
    expect([answer.code, answer.body]).toEqual([204, '']);
    expect(answer.header('allow')).toBe('GET, HEAD, OPTIONS');
    expect(answer.header('access-control-allow-origin')).toBe('*');
    expect(answer.header('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
    expect(answer.header('access-control-allow-headers')).toBe('*');
    expectNothingForbidden(answer);
  });
});

describe('methods that are not served', () => {
  const methods = ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'QUERY'];

  test.each(methods)('%s on a known path: 405 with Allow, and the connection ends', async (method) => {
    for (const target of [INFRA, '/api/v2/status', '/readyz']) {
      const client = new RawClient(port);
      client.send(requestText(method, target, ['Content-Length: 1000000']) + CANARY);
      const answer = await client.answer();
      expectProblem(answer, 405);
      expect(answer.header('allow')).toBe('GET, HEAD, OPTIONS');
      expect(answer.header('connection')).toBe('close');
      await client.closed();
    }
  });

  test.each([...methods, 'OPTIONS', 'GET'])('%s on an unknown path: 404', async (method) => {
    for (const target of [`/${CANARY}`, `/api/v2/status/${CANARY}`]) {
      expectProblem(await exchange(port, requestText(method, target)), 404);
    }
  });

  test.each(['HELLO', 'get', 'CONNECT'])(
    '%s, which is no method to the parser: 400 and close',
    async (method) => {
      const client = new RawClient(port);
      client.send(requestText(method, INFRA));
      expectProblem(await client.answer(), 400);
      await client.closed();
    },
  );
});

describe('targets', () => {
  test.each([
    `${INFRA}/`,
    '/api/v2/status/',
    '/API/v2/status/infra',
    '/api/v2/status/INFRA',
    '//',
    `//${INFRA}`,
    '//user@host:x/y',
    '/api//v2/status/infra',
    '/api/v2/../v2/status/infra',
    '/api/v2/status/x/../infra',
    '/api/v2/%2e%2e/v2/status/infra',
    '/api/v2/status/%69nfra',
    '/api%2Fv2%2Fstatus%2Finfra',
    `${INFRA};a=${CANARY}`,
    `${INFRA}%00`,
    `${INFRA}%0d%0aX-${CANARY}:%20a`,
    `${INFRA}%E0%A4`,
    '/%',
    '/api/v2/status/__proto__',
    '/api/v2/status/constructor',
    '/api/v2/status/hasOwnProperty',
    '/__proto__',
    `${INFRA}#${CANARY}`,
    `/${CANARY.repeat(1000)}`,
  ])('%s: 404', async (target) => {
    const client = new RawClient(port);
    client.send(requestText('GET', target));
    expectProblem(await client.answer(), 404);
    expect(await client.isOpen()).toBe(true);
    client.destroy();
  });

  test.each([
    `http://${CANARY}.example${INFRA}`,
    `HTTP://user:${CANARY}@[::1]:80${INFRA}?${CANARY}`,
    `${INFRA}?${CANARY}=%E0%A4&strict`,
    `${INFRA}?_=1736900000000`,
    `${INFRA}?${CANARY.repeat(1100)}`,
    `${INFRA}?a?b#${CANARY}`,
    `${INFRA}?`,
  ])('%s: 200', async (target) => {
    expectStatus(await exchange(port, requestText('GET', target)));
  });

  test.each(['http://[::1', `http://[::1${INFRA}`, 'http://a:99999/', '*'])(
    '%s: 400 and close',
    async (target) => {
      const client = new RawClient(port);
      client.send(requestText('GET', target));
      expectProblem(await client.answer(), 400);
      await client.closed();
    },
  );
});

describe('headers', () => {
  const start = `GET ${INFRA} HTTP/1.1\r\n`;

  test.each([
    ['no Host', start],
    ['two Hosts', `${start}Host: a\r\nHost: a\r\n`],
    ['two Hosts, spelled differently', `${start}Host: a\r\nX: y\r\nhOSt: ${CANARY}\r\n`],
    ['two Hosts in HTTP/1.0', `GET ${INFRA} HTTP/1.0\r\nHost: a\r\nHost: b\r\n`],
    ['no Host on an unknown path', 'GET /x HTTP/1.1\r\n'],
  ])('%s: 400 and close', async (_what, head) => {
    const client = new RawClient(port);
    client.send(`${head}\r\n`);
    expectProblem(await client.answer(), 400);
    await client.closed();
  });

  test.each([
    'Host:',
    `Host: ${CANARY}`,
    'Host: [::1',
    'Host: a b/c\\d?e@f:99999999',
    `Host: a\r\nX-Forwarded-Host: ${CANARY}`,
    'Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13',
    'Host: a\r\nExpect: 100-Continue',
    'Host: a\r\nRange: bytes=0-1',
    'Host: a\r\nAccept: application/xml',
    'Host: a\r\nAccept-Encoding: gzip, br;q=0, \u0001'.replace('\u0001', 'zz'),
    `Host: a\r\nOrigin: https://${CANARY}`,
    `Host: a\r\nIf-None-Match: ${CANARY}`,
    'Host: a\r\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT',
    'Host: a\r\nCookie: \xff\xfe',
    'Host: a\r\n__proto__: x\r\nconstructor: y',
  ])('%j: 200 with the whole body', async (lines) => {
    const client = new RawClient(port);
    client.send(`${start}${lines}\r\n\r\n`);
    let answer = await client.answer();
    if (lines.includes('100-Continue')) {
      expect(answer.code).toBe(100);
      answer = await client.answer();
    }
    expectStatus(answer);
    client.destroy();
  });

  test.each(['exact', 'W/exact', '"x", exact', ' "x" ,W/exact', '*'])(
    'If-None-Match %s: 304, also with Cache-Control: no-cache',
    async (form) => {
      const etag = (await exchange(port, requestText('GET', INFRA))).header('etag') ?? '';
      const condition = `If-None-Match: ${form.replace('exact', etag)}`;
      for (const headers of [[condition], [condition, 'Cache-Control: no-cache', 'Pragma: no-cache']]) {
        const answer = await exchange(port, requestText('GET', INFRA, headers));
        expect([answer.code, answer.header('etag'), answer.header('x-snapshot-age')]).toEqual([
          304,
          etag,
          '0.000',
        ]);
      }
    },
  );

  test('another expectation: 417', async () => {
    const client = new RawClient(port);
    client.send(requestText('GET', INFRA, [`Expect: ${CANARY}`]));
    expectProblem(await client.answer(), 417);
    await client.closed();
  });

  test.each([
    ['a target over 8 KB', `GET /${CANARY.repeat(2000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['a header over 8 KB', requestText('GET', INFRA, [`X: ${CANARY.repeat(2000)}`])],
    [
      '2,500 headers',
      requestText(
        'GET',
        INFRA,
        Array.from({ length: 2500 }, (_, i) => `X${String(i)}: a`),
      ),
    ],
    [
      'a megabyte of headers',
      requestText(
        'GET',
        INFRA,
        Array.from({ length: 9 }, () => `X: ${'a'.repeat(120_000)}`),
      ),
    ],
  ])('%s: 431 and close', async (_what, text) => {
    const client = new RawClient(port);
    client.send(text);
    expectProblem(await client.answer(), 431);
    await client.closed();
  });

  test('300 headers within 8 KB: 200', async () => {
    const headers = Array.from({ length: 300 }, (_, i) => `X${String(i)}: a`);
    expectStatus(await exchange(port, requestText('GET', INFRA, headers)));
  });
});

describe('malformed requests', () => {
  test.each([
    ['no version', `GET ${INFRA} \r\nHost: a\r\n\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without colon', `GET ${INFRA} HTTP/1.1\r\nHost: a\r\n${CANARY}\r\n\r\n`],
    ['a space before the colon', `GET ${INFRA} HTTP/1.1\r\nHost : a\r\n\r\n`],
    ['a zero byte in the target', `GET ${INFRA}\0 HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['a control character in a header', `GET ${INFRA} HTTP/1.1\r\nHost: a\r\nX: a\x01b\r\n\r\n`],
    ['two lengths', requestText('GET', INFRA, ['Content-Length: 1', 'Content-Length: 2'])],
    [
      'a length beside chunks',
      requestText('GET', INFRA, ['Content-Length: 1', 'Transfer-Encoding: chunked']),
    ],
    ['a negative length', requestText('GET', INFRA, ['Content-Length: -1'])],
    ['a target without a slash', `GET api HTTP/1.1\r\nHost: a\r\n\r\n`],
  ])('%s: 400 and close, counted and not logged', async (_what, text) => {
    const before = setup.server.rejections[400] ?? 0;
    const client = new RawClient(port);
    client.send(text);
    expectProblem(await client.answer(), 400);
    await client.closed();
    expect(setup.server.rejections[400]).toBe(before + 1);
  });

  test('chunk extensions without end: 413 and close', async () => {
    const client = new RawClient(port);
    client.send(requestText('GET', '/nothing', ['Transfer-Encoding: chunked']));
    expectProblem(await client.answer(), 404);
    client.send(`1;${'a'.repeat(20_000)}`);
    expectProblem(await client.answer(), 413);
    await client.closed();
  });

  test('garbage behind a good request: the good one is answered, then 400 and close', async () => {
    const client = new RawClient(port);
    client.send(`${requestText('GET', INFRA)}garbage\r\n\r\n`);
    expectStatus(await client.answer());
    expectProblem(await client.answer(), 400);
    await client.closed();
  });
});

describe('HTTP/1.0', () => {
  test('200 and close, with or without Host', async () => {
    for (const head of [`GET ${INFRA} HTTP/1.0\r\n\r\n`, `GET ${INFRA} HTTP/1.0\r\nHost: a\r\n\r\n`]) {
      const client = new RawClient(port);
      client.send(head);
      expectStatus(await client.answer());
      await client.closed();
    }
  });
});

describe('connections', () => {
  test('pipelined requests are answered in order', async () => {
    const client = new RawClient(port);
    client.send(
      [INFRA, '/nothing', `http://a${INFRA}`, '/livez', INFRA].map((t) => requestText('GET', t)).join(''),
    );
    const codes: number[] = [];
    const bodies: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const answer = await client.answer();
      codes.push(answer.code);
      bodies.push(answer.body);
    }
    expect(codes).toEqual([200, 404, 200, 200, 200]);
    expect([bodies[0], bodies[2], bodies[4]]).toEqual([body, body, body]);
    client.destroy();
  });

  test('silent and slow sockets are closed within some 6 s, with 408', async () => {
    const texts = ['', 'GE', `GET ${INFRA} HTTP/1.1\r\nHost: a\r\n`, 'GET /\r\n'];
    const clients = texts.map((text) => {
      const client = new RawClient(port);
      client.send(text);
      return client;
    });
    await Promise.all(
      clients.map(async (client) => {
        // The server looks once a second; the rest is for a busy machine.
        expectProblem(await client.answer({ withinMs: 9000 }), 408);
        await client.closed();
      }),
    );
    expect(setup.server.rejections[408]).toBe(texts.length);
  }, 15_000);

  test('a client that leaves in mid-request harms nobody', async () => {
    for (const text of [
      '',
      'GET',
      requestText('GET', INFRA),
      requestText('POST', INFRA, ['Content-Length: 9']),
    ]) {
      const client = new RawClient(port);
      client.send(text);
      client.socket.resetAndDestroy();
    }
    expectStatus(await exchange(port, requestText('GET', INFRA)));
  });
});
