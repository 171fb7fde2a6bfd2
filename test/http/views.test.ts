import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { READ_TIME, startPublicSetup } from './public-setup.js';
import type { PublicSetup } from './public-setup.js';
import { exchange, requestText } from './raw-http.js';
import type { RawAnswer } from './raw-http.js';

let setup: PublicSetup;

beforeEach(async () => {
  setup = await startPublicSetup();
});

afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
});

function ask(target: string, { method = 'GET', headers = [] as string[] } = {}): Promise<RawAnswer> {
  return exchange(setup.server.port, requestText(method, target, headers));
}

function header({ headers }: RawAnswer, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

const OF_COMPONENT = ['history', 'badge.svg', 'badge.json'].map((name) => `/api/v2/status/infra/${name}`);
const OF_PLATFORM = ['summary', 'status', 'components'].map((name) => `/api/v2/${name}.json`);

describe.each([...OF_COMPONENT, ...OF_PLATFORM])('%s', (path) => {
  test('has the headers of a status answer in every state of age', async () => {
    const empty = await ask(path);
    expect(empty.code).toBe(200);
    expect(header(empty, 'X-Snapshot-State')).toBe('none');
    expect(header(empty, 'Cache-Control')).toBe('no-store');
    expect(header(empty, 'X-Snapshot-Age')).toBeUndefined();

    setup.put('infra');
    setup.put('apps');
    setup.time = 1234;
    const fresh = await ask(path);
    expect(header(fresh, 'X-Snapshot-State')).toBe('fresh');
    expect(header(fresh, 'X-Snapshot-Age')).toBe('1.234');
    expect(header(fresh, 'X-Snapshot-Time')).toBe(new Date(READ_TIME).toISOString());
    expect(header(fresh, 'Cache-Control')).toBe('public, max-age=1');
    expect(header(fresh, 'Access-Control-Allow-Origin')).toBe('*');
    expect(header(fresh, 'X-Content-Type-Options')).toBe('nosniff');

    setup.time = 70_000;
    const dead = await ask(path);
    expect(header(dead, 'X-Snapshot-State')).toBe('stale');
    expect(header(dead, 'X-Snapshot-Age')).toBe('70.000');
    expect(header(dead, 'Cache-Control')).toBe('no-store');
  });

  test('answers HEAD, conditional requests and foreign queries as the status does, and never 503', async () => {
    setup.put('infra', { status: 'down' });
    setup.put('apps', { status: 'down' });
    const whole = await ask(path);
    const etag = header(whole, 'ETag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);

    const head = await ask(path, { method: 'HEAD' });
    expect([head.code, head.body]).toEqual([200, '']);
    expect(header(head, 'Content-Length')).toBe(String(Buffer.byteLength(whole.body)));

    const same = await ask(path, { headers: [`If-None-Match: ${etag}`, 'Cache-Control: no-cache'] });
    expect([same.code, same.body]).toEqual([304, '']);
    expect(header(same, 'X-Snapshot-Age')).toBe('0.000');

    const strict = await ask(`${path}?strict&_=1`);
    expect([strict.code, header(strict, 'ETag')]).toEqual([200, etag]);
    expect((await ask(path, { method: 'POST' })).code).toBe(405);
    expect((await ask(`${path}/`)).code).toBe(404);
  });

  test('never holds the bytes that keyword monitors look for', async () => {
    setup.put('infra');
    setup.put('apps');
    expect((await ask(path)).body).not.toContain('"status":"up"');
  });
});

describe.each(OF_COMPONENT)('%s', (path) => {
  test('tells the status in its header, and is there for known components only', async () => {
    setup.put('infra', { status: 'degraded' });
    expect(header(await ask(path), 'X-Component-Status')).toBe('degraded');
    expect((await ask(path.replace('infra', 'constructor'))).code).toBe(404);
    expect((await ask(path.replace('infra', 'other'), { method: 'POST' })).code).toBe(404);
  });
});

test('the history holds one sample per snapshot, oldest first', async () => {
  const path = '/api/v2/status/infra/history';
  expect((await ask(path)).body).toBe('{"component":"infra","interval_seconds":5,"samples":[]}');
  setup.put('infra', { status: 'up' });
  await ask(path);
  setup.time = 5000;
  setup.put('infra', { status: 'down', readTime: READ_TIME + 5000 });
  const figures = '"live_pullers":3,"backlog":142,"in_flight":8,"oldest_unacked_seconds":95';
  expect((await ask(path)).body).toBe(
    '{"component":"infra","interval_seconds":5,"samples":[' +
      `{"at":"2026-01-01T00:00:00Z","state":"up",${figures}},` +
      `{"at":"2026-01-01T00:00:05Z","state":"down",${figures}}]}`,
  );
});

test('the documents for status pages are parts of one, in the words and the order they know', async () => {
  setup.put('infra');
  setup.put('apps', { status: 'degraded' });
  const page =
    '"page":{"id":"jetstream-status","name":"Platform status","url":"https://status.example.com","updated_at":"2026-01-01T00:00:00.007Z"}';
  const status = '"status":{"indicator":"minor","description":"Partially Degraded Service"}';
  const components =
    '"components":[{"id":"infra","name":"Infrastructure provisioning","status":"operational","updated_at":"2026-01-01T00:00:00.007Z"},' +
    '{"id":"apps","name":"Anwendungen für alle","status":"degraded_performance","updated_at":"2026-01-01T00:00:00.007Z"}]';
  expect((await ask('/api/v2/summary.json')).body).toBe(`{${page},${status},${components}}`);
  expect((await ask('/api/v2/status.json')).body).toBe(`{${page},${status}}`);
  expect((await ask('/api/v2/components.json')).body).toBe(`{${page},${components}}`);
});

test('old figures are no operational component, in every shape', async () => {
  setup.put('infra');
  setup.put('apps');
  setup.time = 20_000;
  expect((await ask('/api/v2/status.json')).body).toContain('"indicator":"minor"');
  expect((await ask('/api/v2/status/infra/badge.json')).body).toContain('"message":"degraded"');
  setup.time = 60_001;
  expect((await ask('/api/v2/status.json')).body).toContain('"indicator":"critical"');
  expect((await ask('/api/v2/status/infra/badge.svg')).body).toContain('Infrastructure provisioning: down');
});

test('the badges have content types of their own', async () => {
  const typeOf = async (name: string): Promise<string | undefined> =>
    header(await ask(`/api/v2/status/infra/${name}`), 'Content-Type');
  expect(await typeOf('badge.svg')).toBe('image/svg+xml; charset=utf-8');
  expect(await typeOf('badge.json')).toBe('application/json; charset=utf-8');
});
