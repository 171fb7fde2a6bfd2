import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEventStreams } from '../../src/http/event-streams.js';
import { createStatusEvents } from '../../src/http/status-events.js';
import type { StatusEvents } from '../../src/http/status-events.js';
import type { StatusDeps } from '../../src/http/view-responders.js';
import { createSnapshotStore } from '../../src/snapshots/snapshot-store.js';
import { eventually } from '../support/eventually.js';
import { readEvents } from '../support/event-reader.js';
import type { EventReader } from '../support/event-reader.js';
import { aHealth, READ_TIME, startPublicSetup } from './public-setup.js';
import type { PublicSetup } from './public-setup.js';
import { exchange, RawClient, requestText } from './raw-http.js';

const PATH = '/api/v2/events';

let setup: PublicSetup;
let readers: EventReader[];

beforeEach(async () => {
  readers = [];
  setup = await startPublicSetup();
});

afterEach(async () => {
  for (const reader of readers) reader.close();
  setup.events.close();
  setup.app.dispose();
  await setup.server.close();
});

async function open(): Promise<EventReader> {
  const reader = await readEvents(`${setup.server.url}${PATH}`);
  readers.push(reader);
  return reader;
}

/** What was put is told in the next turn of the event loop: an event after it shows that nothing else is on its way. */
async function settled(reader: EventReader): Promise<void> {
  const before = reader.events().length;
  setup.put('apps', { status: 'down', detail: `settled ${String(before)}` });
  await reader.until(before + 1);
}

describe('a new reader', () => {
  test('gets headers of a stream and one event per component, in the words of the status of all', async () => {
    setup.put('infra', { status: 'degraded', detail: 'backlog above warning threshold' });
    const reader = await open();
    expect(reader.code).toBe(200);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(reader.headers).not.toHaveProperty('x-snapshot-state');
    await reader.until(2);
    const all = JSON.parse(
      (await exchange(setup.server.port, requestText('GET', '/api/v2/status'))).body,
    ) as {
      components: object[];
    };
    expect(reader.text()).toBe(
      all.components.map((component) => `event: status\ndata: ${JSON.stringify(component)}\n\n`).join(''),
    );
  });

  test('gets the time of the latest snapshot, also when nothing else has changed since', async () => {
    setup.put('infra');
    await (await open()).until(2);
    setup.put('infra', { readTime: READ_TIME + 5000 });
    const [infra] = await (await open()).until(2);
    expect(infra?.snapshot_time).toBe('2026-01-01T00:00:05.007Z');
  });

  test('with HEAD gets the headers alone', async () => {
    const answer = await exchange(setup.server.port, requestText('HEAD', PATH));
    expect([answer.code, answer.header('content-type'), answer.body]).toEqual([200, 'text/event-stream', '']);
  });
});

describe('while the stream is open', () => {
  test('rounds are told when they change anything but the time', async () => {
    setup.put('infra');
    setup.put('apps');
    const reader = await open();
    await reader.until(2);
    setup.put('infra', { readTime: READ_TIME + 5000 });
    await settled(reader);
    expect(reader.events().slice(2)).toMatchObject([{ id: 'apps' }]);
    setup.put('infra', { status: 'down', detail: 'no live pullers', readTime: READ_TIME + 10_000 });
    await reader.until(4);
    expect(reader.events()[3]).toEqual({
      id: 'infra',
      name: 'Infrastructure provisioning',
      state: 'down',
      live_pullers: 3,
      backlog: 142,
      in_flight: 8,
      oldest_unacked_seconds: 95,
      detail: 'no live pullers',
      snapshot_time: '2026-01-01T00:00:10.007Z',
    });
  });

  test('all changes of one turn come in one piece, to every reader', async () => {
    const [a, b] = [await open(), await open()];
    await Promise.all([a.until(2), b.until(2)]);
    setup.put('infra', { status: 'degraded' });
    setup.put('infra', { status: 'down' });
    setup.put('apps');
    await Promise.all([a.until(4), b.until(4)]);
    expect(a.events().slice(2)).toMatchObject([
      { id: 'infra', state: 'down' },
      { id: 'apps', state: 'up' },
    ]);
    expect(b.text()).toBe(a.text());
  });
});

/** Streams over a source with steps of age that a test can wait for, on the real clock. */
describe('time alone', () => {
  const AGE_LIMITS = { staleAfterMs: 200, deadAfterMs: 400, startGraceMs: 200 };

  function source(componentIds: string[], startedAt = performance.now()) {
    const store = createSnapshotStore(componentIds.length);
    const deps: StatusDeps = {
      components: componentIds.map((id) => ({ id, name: id.toUpperCase() })),
      store,
      clock: { now: () => performance.now() },
      ageLimits: AGE_LIMITS,
      since: () => startedAt,
    };
    return { deps, store };
  }

  async function serve(events: StatusEvents): Promise<{ url: string; close: () => void }> {
    const server = createServer((req, res) => void events.respond(req, res)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return {
      url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
      close: () => {
        events.close();
        server.close();
      },
    };
  }

  test('is told at each step of the age ladder, once', async () => {
    const { deps, store } = source(['a', 'b']);
    const events = createStatusEvents(createEventStreams({ maxStreams: 2 }));
    events.follow(deps);
    const server = await serve(events);
    const startedAt = performance.now();
    store.put('a', { health: aHealth('up'), readAt: startedAt, readTime: READ_TIME });
    const reader = await readEvents(server.url);
    await reader.until(5);
    expect(performance.now() - startedAt).toBeGreaterThan(400);
    const told = (id: string): unknown[] =>
      reader
        .events()
        .flatMap((event) => (event.id === id ? [`${event.state}: ${String(event.detail)}`] : []));
    expect(told('a')).toEqual([
      'up: ',
      'degraded: figures are 0 seconds old',
      'down: status unknown: no fresh figures for 0 seconds',
    ]);
    expect(told('b')).toEqual(['degraded: status not yet known', 'down: status unknown: no figures yet']);
    reader.close();
    server.close();
  });

  test('a reload changes the source under open streams: only what differs is told', async () => {
    const events = createStatusEvents(createEventStreams({ maxStreams: 2 }));
    const long = { staleAfterMs: 60_000, deadAfterMs: 120_000, startGraceMs: 60_000 };
    const [before, after] = [source(['a', 'b']), source(['a', 'b', 'c'])];
    const put = ({ store }: typeof before, id: string, status: 'up' | 'down'): void => {
      store.put(id, { health: aHealth(status), readAt: performance.now(), readTime: READ_TIME });
    };
    put(before, 'a', 'up');
    put(before, 'b', 'up');
    put(after, 'a', 'up');
    put(after, 'b', 'down');
    const unfollow = events.follow({ ...before.deps, ageLimits: long });
    const server = await serve(events);
    const reader = await readEvents(server.url);
    await reader.until(2);
    events.follow({ ...after.deps, ageLimits: long });
    unfollow();
    put(before, 'a', 'down');
    put(after, 'c', 'up');
    await reader.until(5);
    expect(reader.events().slice(2)).toMatchObject([
      { id: 'b', state: 'down' },
      { id: 'c', state: 'degraded' },
      { id: 'c', state: 'up' },
    ]);
    reader.close();
    server.close();
  });

  test('a reload that removes a component ends the streams: its last state must not stay on screens', async () => {
    const events = createStatusEvents(createEventStreams({ maxStreams: 2 }));
    events.follow(source(['a', 'b']).deps);
    const server = await serve(events);
    const reader = await readEvents(server.url);
    await reader.until(2);
    events.follow(source(['a']).deps);
    expect(await reader.ended()).toBe('end');
    const again = await readEvents(server.url);
    await again.until(1);
    expect(again.events()).toMatchObject([{ id: 'a' }]);
    again.close();
    server.close();
  });
});

test('a comment comes at each interval', async () => {
  const streams = createEventStreams({ maxStreams: 1, commentEveryMs: 20 });
  const server = createServer((req, res) => {
    streams.open(req, res, () => 'data: first\n\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const reader = await readEvents(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  await eventually(() => (reader.text().startsWith('data: first\n\n:\n\n:\n\n:\n\n') ? true : undefined));
  streams.close();
  expect(await reader.ended()).toBe('end');
  server.close();
});

test('a reader that does not read is dropped, and costs a bounded amount of memory', async () => {
  const slow = new RawClient(setup.server.port);
  slow.send(requestText('GET', PATH));
  await eventually(() => (slow.unread.includes('event: status') ? true : undefined));
  slow.socket.pause();
  const reader = await open();
  await reader.until(2);
  const before = process.memoryUsage();
  // More than the buffers of both sockets take together, or as much as there ever is.
  let sent = 0;
  let round = 0;
  const detail = 'x'.repeat(100_000);
  await eventually(
    async () => {
      setup.put('infra', { status: 'down', detail: `${detail}${String((round += 1))}` });
      sent += detail.length;
      await reader.until(2 + round);
      return setup.streams.count() === 1 ? true : undefined;
    },
    { everyMs: 0 },
  );
  expect(sent).toBeLessThan(50_000_000);
  expect(process.memoryUsage().external - before.external).toBeLessThan(50_000_000);
  await settled(reader);
  slow.socket.resume();
  await slow.closed();
});

test('so many streams at once, and no more: probes find a connection all the same', async () => {
  for (let n = 0; n < 10; n++) await (await open()).until(2);
  const refused = await exchange(setup.server.port, requestText('GET', PATH));
  expect([refused.code, refused.header('retry-after')]).toEqual([503, '5']);
  expect((await exchange(setup.server.port, requestText('GET', '/livez'))).code).toBe(200);
  readers[0]?.close();
  await eventually(async () => ((await open()).code === 200 ? true : undefined));
});

test('streams end when the service stops, and no other is opened', async () => {
  const reader = await open();
  await reader.until(2);
  setup.events.close();
  expect(await reader.ended()).toBe('end');
  expect((await exchange(setup.server.port, requestText('GET', PATH))).code).toBe(503);
});
