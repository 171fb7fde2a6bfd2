import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { READ_TIME, startPublicSetup } from './public-setup.js';
import type { PublicSetup } from './public-setup.js';
import { exchange, RawClient, requestText } from './raw-http.js';
import type { RawAnswer } from './raw-http.js';

const INFRA = '/api/v2/status/infra';
const ALL = '/api/v2/status';
const KEPT_OPEN = [
  ['Connection', 'keep-alive'],
  ['Keep-Alive', 'timeout=65, max=1000'],
];

let setup: PublicSetup;

beforeEach(async () => {
  setup = await startPublicSetup();
});

afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
});

function get(target: string, headers: string[] = []): Promise<RawAnswer> {
  return exchange(setup.server.port, requestText('GET', target, headers));
}

/** Sorted, without the time of day. */
function headersOf({ headers }: RawAnswer): string[][] {
  return headers
    .filter(([name]) => name !== 'Date')
    .map((header) => [...header])
    .sort();
}

function etagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

function figures(detail: string): string {
  return `"live_pullers":3,"backlog":142,"in_flight":8,"oldest_unacked_seconds":95,"detail":"${detail}"`;
}

/** All headers of a status answer except those of its body. */
function snapshotHeaders(own: string[][]): string[][] {
  return [
    ['Access-Control-Allow-Origin', '*'],
    [
      'Access-Control-Expose-Headers',
      'X-Snapshot-Age, X-Snapshot-Time, X-Snapshot-State, X-Component-Status, ETag',
    ],
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Cross-Origin-Resource-Policy', 'cross-origin'],
    ['Referrer-Policy', 'no-referrer'],
    ['X-Content-Type-Options', 'nosniff'],
    ...KEPT_OPEN,
    ...own,
  ];
}

describe('one component', () => {
  const rows = [
    {
      name: 'fresh',
      age: 1234.4,
      body: `{"status":"up",${figures('')}}`,
      headers: [
        ['Cache-Control', 'public, max-age=1'],
        ['X-Component-Status', 'up'],
        ['X-Snapshot-Age', '1.234'],
        ['X-Snapshot-State', 'fresh'],
        ['X-Snapshot-Time', '2026-01-01T00:00:00.007Z'],
      ],
    },
    {
      name: 'stale',
      age: 15_000.5,
      body: `{"status":"degraded",${figures('figures are 15 seconds old')}}`,
      headers: [
        ['Cache-Control', 'no-store'],
        ['X-Component-Status', 'degraded'],
        ['X-Snapshot-Age', '15.001'],
        ['X-Snapshot-State', 'stale'],
        ['X-Snapshot-Time', '2026-01-01T00:00:00.007Z'],
      ],
    },
    {
      name: 'dead',
      age: 3_599_999,
      body: `{"status":"down",${figures('status unknown: no fresh figures for 3595 seconds')}}`,
      headers: [
        ['Cache-Control', 'no-store'],
        ['X-Component-Status', 'down'],
        ['X-Snapshot-Age', '3599.999'],
        ['X-Snapshot-State', 'stale'],
        ['X-Snapshot-Time', '2026-01-01T00:00:00.007Z'],
      ],
    },
  ];
  test.each(rows)('$name: exactly this body and these headers', async ({ age, body, headers }) => {
    setup.time = 5000;
    setup.put('infra');
    setup.time += age;
    const answer = await get(INFRA);
    expect(answer.code).toBe(200);
    expect(answer.body).toBe(body);
    const length = String(Buffer.byteLength(body));
    expect(headersOf(answer)).toEqual(
      snapshotHeaders([['Content-Length', length], ['ETag', etagOf(body)], ...headers]).sort(),
    );
  });

  test.each([
    ['during the start grace', 10_000, 'degraded', 'status not yet known'],
    ['later', 10_001, 'down', 'status unknown: no figures yet'],
  ])('without any snapshot, %s: neither age nor time', async (_when, time, status, detail) => {
    setup.time = time;
    const body = `{"status":"${status}","live_pullers":0,"backlog":0,"in_flight":0,"oldest_unacked_seconds":0,"detail":"${detail}"}`;
    const answer = await get(INFRA);
    expect(answer.code).toBe(200);
    expect(answer.body).toBe(body);
    expect(headersOf(answer)).toEqual(
      snapshotHeaders([
        ['Cache-Control', 'no-store'],
        ['Content-Length', String(Buffer.byteLength(body))],
        ['ETag', etagOf(body)],
        ['X-Component-Status', status],
        ['X-Snapshot-State', 'none'],
      ]).sort(),
    );
  });

  test('walks down the ladder of ages and back up, each step at its moment', async () => {
    setup.put('infra', { detail: 'backlog above warning threshold', status: 'degraded' });
    const stored = 'backlog above warning threshold';
    const steps: [number, string][] = [
      [0, stored],
      [15_000, stored],
      [15_000.1, `figures are 15 seconds old; ${stored}`],
      [19_999, `figures are 15 seconds old; ${stored}`],
      [20_000, `figures are 20 seconds old; ${stored}`],
      [60_000, `figures are 60 seconds old; ${stored}`],
      [60_000.1, 'status unknown: no fresh figures for 60 seconds'],
      [65_000, 'status unknown: no fresh figures for 65 seconds'],
    ];
    for (const [time, detail] of steps) {
      setup.time = time;
      const answer = await get(INFRA);
      expect([time, (JSON.parse(answer.body) as { detail: string }).detail]).toEqual([time, detail]);
      expect(answer.header('X-Snapshot-Age')).toBe((time / 1000).toFixed(3));
    }
    setup.put('infra');
    expect((await get(INFRA)).body).toBe(`{"status":"up",${figures('')}}`);
  });

  test('shows a new snapshot at once, and no other component with it', async () => {
    setup.put('infra');
    setup.put('apps');
    const before = await get('/api/v2/status/apps');
    await get(INFRA);
    setup.put('infra', { status: 'down', detail: 'no live pullers' });
    expect((await get(INFRA)).body).toBe(`{"status":"down",${figures('no live pullers')}}`);
    expect((await get('/api/v2/status/apps')).body).toBe(before.body);
  });
});

describe('all components', () => {
  test('fresh: the oldest age and time, the worst status, no status of a single component', async () => {
    setup.put('infra', { readAt: 1000, readTime: READ_TIME + 1000 });
    setup.put('apps', { status: 'degraded', detail: 'x', readAt: 0 });
    setup.time = 2500;
    const body =
      '{"overall":"degraded","components":[' +
      `{"id":"infra","name":"Infrastructure provisioning","state":"up",${figures('')},"snapshot_time":"2026-01-01T00:00:01.007Z"},` +
      `{"id":"apps","name":"Anwendungen für alle","state":"degraded",${figures('x')},"snapshot_time":"2026-01-01T00:00:00.007Z"}]}`;
    const answer = await get(ALL);
    expect(answer.body).toBe(body);
    expect(headersOf(answer)).toEqual(
      snapshotHeaders([
        ['Cache-Control', 'public, max-age=1'],
        ['Content-Length', String(Buffer.byteLength(body))],
        ['ETag', etagOf(body)],
        ['X-Snapshot-Age', '2.500'],
        ['X-Snapshot-State', 'fresh'],
        ['X-Snapshot-Time', '2026-01-01T00:00:00.007Z'],
      ]).sort(),
    );
  });

  test('neither age nor time until every component has a snapshot', async () => {
    setup.put('infra');
    const answer = await get(ALL);
    expect(answer.header('X-Snapshot-Age')).toBeUndefined();
    expect(answer.header('X-Snapshot-Time')).toBeUndefined();
    expect(answer.header('X-Snapshot-State')).toBe('none');
    expect(answer.header('Cache-Control')).toBe('no-store');
    expect(answer.body).toContain('"detail":"status not yet known"}]}');
    setup.put('apps');
    expect((await get(ALL)).header('X-Snapshot-State')).toBe('fresh');
  });

  test('one stale component makes the state stale, at its moment', async () => {
    setup.put('infra', { readAt: 0 });
    setup.put('apps', { readAt: 10_000 });
    setup.time = 15_000;
    expect((await get(ALL)).header('X-Snapshot-State')).toBe('fresh');
    setup.time = 15_001;
    const answer = await get(ALL);
    expect(answer.header('X-Snapshot-State')).toBe('stale');
    expect(answer.header('Cache-Control')).toBe('no-store');
    expect(answer.body).toMatch(/^\{"overall":"degraded"/);
  });
});

describe('strict', () => {
  test.each([
    ['up', '', 200],
    ['up', '?strict', 200],
    ['up', '?strict=degraded', 200],
    ['degraded', '?strict', 200],
    ['degraded', '?x=1&strict=degraded', 503],
    ['down', '', 200],
    ['down', '?strict', 503],
    ['down', '?strict=', 503],
    ['down', '?strict=1', 503],
    ['down', '?strict=degraded', 503],
    ['down', '?strictly', 200],
  ] as const)(
    '%s with %j: %i, with the body and headers of the plain answer',
    async (status, query, code) => {
      setup.put('infra', { status });
      setup.put('apps', { status: 'up' });
      for (const path of [INFRA, ALL]) {
        const plain = await get(path);
        const strict = await get(path + query);
        expect(strict.code).toBe(code);
        expect(strict.body).toBe(plain.body);
        expect(headersOf(strict)).toEqual(headersOf(plain));
      }
    },
  );

  test('a 503 is never replaced by a 304', async () => {
    setup.put('infra', { status: 'down' });
    const etag = (await get(INFRA)).header('ETag') ?? '';
    for (const condition of [etag, '*']) {
      expect((await get(`${INFRA}?strict`, [`If-None-Match: ${condition}`])).code).toBe(503);
      expect((await get(INFRA, [`If-None-Match: ${condition}`])).code).toBe(304);
    }
  });
});

describe('conditional requests', () => {
  test('304 has the headers of the 200 but the length, a fresh age and no body', async () => {
    setup.put('infra');
    const full = await get(INFRA);
    setup.time = 777;
    const client = new RawClient(setup.server.port);
    client.send(requestText('GET', INFRA, [`If-None-Match: ${full.header('ETag') ?? ''}`]));
    const answer = await client.answer();
    expect(answer.code).toBe(304);
    expect(headersOf(answer)).toEqual(
      headersOf(full)
        .filter(([name]) => name !== 'Content-Length')
        .map(([name, value]) => (name === 'X-Snapshot-Age' ? [name, '0.777'] : [name, value])),
    );
    expect(client.unread).toBe('');
    expect(await client.isOpen()).toBe(true);
    client.destroy();
  });

  test('fetch(), which adds Cache-Control: no-cache by itself, gets its 304', async () => {
    setup.put('infra');
    const url = setup.server.url + INFRA;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    expect((await fetch(url, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  test('cache-busters and strict change neither body nor ETag; time changes the ETag only with the body', async () => {
    setup.put('infra');
    const first = await get(INFRA);
    for (const query of ['?_=1', '?strict', `?${'x'.repeat(7000)}`, '?%E0%A4&a=b#c']) {
      const answer = await get(INFRA + query);
      expect([answer.code, answer.body, answer.header('ETag')]).toEqual([
        200,
        first.body,
        first.header('ETag'),
      ]);
    }
    setup.time = 14_000;
    expect((await get(INFRA)).header('ETag')).toBe(first.header('ETag'));
    setup.put('infra');
    expect((await get(INFRA)).header('ETag')).toBe(first.header('ETag'));
    setup.time += 15_001;
    expect((await get(INFRA)).header('ETag')).not.toBe(first.header('ETag'));
  });
});

describe('methods', () => {
  test('HEAD has exactly the headers of GET', async () => {
    setup.put('infra', { status: 'down' });
    for (const target of [
      INFRA,
      ALL,
      `${INFRA}?strict`,
      '/livez',
      '/readyz',
      '/nothing',
      '/api/v2/status/x',
    ]) {
      const head = await exchange(setup.server.port, requestText('HEAD', target));
      const full = await get(target);
      expect(head.code).toBe(full.code);
      expect(headersOf(head)).toEqual(headersOf(full));
    }
  });
});

describe('hot and ordinary path', () => {
  // A target in absolute form is no key of the hot path: it becomes a path only on the ordinary one.
  test.each([
    ['GET', INFRA, ''],
    ['GET', ALL, ''],
    ['GET', `${INFRA}?strict`, ''],
    ['GET', `${ALL}?strict=degraded`, ''],
    ['GET', INFRA, 'If-None-Match: *'],
    ['GET', ALL, 'If-None-Match: *'],
    ['HEAD', INFRA, ''],
    ['HEAD', `${ALL}?strict`, 'If-None-Match: *'],
    ...['', 'If-None-Match: *'].flatMap((header) =>
      [
        '/',
        '/api/v2/summary.json',
        '/api/v2/status.json',
        '/api/v2/components.json',
        `${INFRA}/history`,
        `${INFRA}/badge.svg`,
        `${INFRA}/badge.json`,
      ].map((target): [string, string, string] => ['GET', target, header]),
    ),
  ])('%s %s %s: the same bytes', async (method, target, header) => {
    setup.put('infra', { status: 'down' });
    setup.put('apps');
    setup.time = 333;
    const headers = header === '' ? [] : [header];
    const hot = await exchange(setup.server.port, requestText(method, target, headers));
    const ordinary = await exchange(
      setup.server.port,
      requestText(method, `http://status.example.com${target}`, headers),
    );
    const withoutDate = ({ code, body, headers: all }: RawAnswer): unknown => ({
      code,
      body,
      headers: all.filter(([name]) => name !== 'Date'),
    });
    expect([200, 304, 503]).toContain(hot.code);
    expect(withoutDate(ordinary)).toEqual(withoutDate(hot));
  });
});

describe('probes', () => {
  test.each([
    [true, false, 200, '{"ready":true}'],
    [false, false, 503, '{"ready":false}'],
    [true, true, 503, '{"ready":false}'],
  ])('ready %s, draining %s: /readyz %i; /livez 200', async (ready, draining, code, body) => {
    const other = await startPublicSetup({ ready: () => ready, draining: () => draining });
    const readyz = await exchange(other.server.port, requestText('GET', '/readyz'));
    const livez = await exchange(other.server.port, requestText('GET', '/livez'));
    expect([readyz.code, readyz.body]).toEqual([code, body]);
    expect([livez.code, livez.body]).toEqual([200, '{"live":true}']);
    for (const answer of [readyz, livez]) {
      expect(headersOf(answer)).toEqual(
        [
          ['Access-Control-Allow-Origin', '*'],
          ['Cache-Control', 'no-store'],
          ['Content-Length', String(answer.body.length)],
          ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
          ['Content-Type', 'application/json; charset=utf-8'],
          ['Cross-Origin-Resource-Policy', 'cross-origin'],
          ['Referrer-Policy', 'no-referrer'],
          ['X-Content-Type-Options', 'nosniff'],
          ...KEPT_OPEN,
        ].sort(),
      );
    }
    other.app.dispose();
    await other.server.close();
  });
});

test('two apps in one process answer from their own store', async () => {
  const other = await startPublicSetup();
  setup.put('infra', { status: 'up' });
  other.put('infra', { status: 'down' });
  expect((await get(INFRA)).header('X-Component-Status')).toBe('up');
  const answer = await exchange(other.server.port, requestText('GET', INFRA));
  expect(answer.header('X-Component-Status')).toBe('down');
  other.app.dispose();
  await other.server.close();
});

test('a disposed app no longer listens to the store', async () => {
  setup.put('infra');
  const before = await get(INFRA);
  setup.app.dispose();
  setup.put('infra', { status: 'down' });
  expect((await get(INFRA)).body).toBe(before.body);
});
