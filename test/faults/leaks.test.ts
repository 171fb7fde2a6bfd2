import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createUser } from 'nkeys.js';
import { eventually } from '../support/eventually.js';
import { describeWithNats } from '../support/nats-binaries.js';
import { createOperatorMode } from '../support/nats-jwt.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { paced } from '../support/pace.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';
import { createConsumers, pollOf } from './platform.js';
import { SHORT_TIMES } from './row.js';
import { startWorker } from './worker.js';

/** Stands in every name and every secret, and in no word of ours. */
const CANARY = /c4n4ry/i;
/** Stands in what requests say. */
const PARROT = /p4rr0t/i;

const FIRST = { stream: 'C4N4RY_FIRST', consumer: 'c4n4ry-first' };
const SECOND = { stream: 'C4N4RY_SECOND', consumer: 'c4n4ry-second' };
const WORKER = { user: 'c4n4ry-worker', pass: 'c4n4ry-worker' };
const MONITOR = { user: 'c4n4ry-monitor', password: 'c4n4ry/p4ss word' };

function serverConfig(monitor: string): string {
  return `
    server_name: c4n4ry-server
    accounts { C4N4RY { jetstream: enabled, users: [
      { user: "${WORKER.user}", password: "${WORKER.pass}" }, ${monitor}
    ] } }`;
}

const LOGIN = `user: "${MONITOR.user}", password: "${MONITOR.password}"`;
const WELCOME = serverConfig(`{ ${LOGIN} }`);
const FORBIDDEN = serverConfig(
  `{ ${LOGIN}, permissions: { publish: { deny: "$JS.API.CONSUMER.INFO.${FIRST.stream}.>" } } }`,
);
const GONE = serverConfig('{ user: somebody, password: else }');

const owned: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const thing of owned.splice(0).reverse()) await thing.stop();
});

function own<T extends { stop(): Promise<unknown> }>(thing: T): T {
  owned.push(thing);
  return thing;
}

/** All bytes that come back until the server has said no more for a while, or has closed. */
async function bytesOf(url: string, request: string): Promise<string> {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  let isClosed = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => (isClosed = true));
  socket.write(request, 'latin1');
  await eventually(() => (isClosed || chunks.length > 0 ? true : undefined), { withinMs: paced(12_000) });
  await sleep(20);
  socket.destroy();
  return Buffer.concat(chunks).toString('utf8');
}

/** What the public port says on every path that it describes, and on whatever those refer to. */
async function publicBytes(service: RunningService): Promise<string> {
  const openapi = await fetch(`${service.url}/openapi.json`);
  const { paths } = (await openapi.json()) as { paths: Record<string, unknown> };
  const page = await (await fetch(service.url)).text();
  const assets = [...page.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, path = '']) => path);
  const targets = Object.keys(paths)
    .flatMap((path) => ['first', 'second'].map((component) => path.replace('{component}', component)))
    .flatMap((path) => [path, `${path}?strict=degraded`])
    .concat(assets);
  expect(targets.length).toBeGreaterThan(20);
  const answers = await Promise.all(
    [...new Set(targets)].map((target) =>
      bytesOf(service.url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    ),
  );
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 (200|503) /);
  return answers.join('\n');
}

async function adminText(service: RunningService): Promise<string> {
  const metrics = await fetch(`${service.adminUrl}/metrics`);
  return JSON.stringify(await service.debug()) + (await metrics.text());
}

/** Requests that want to be repeated. */
const PARROTS = [
  'GET /p4rr0t HTTP/1.1\r\nHost: p4rr0t\r\n\r\n',
  'GET /api/v2/status/p4rr0t?p4rr0t=p4rr0t HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /api/v2/status/first?strict=p4rr0t&p4rr0t HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /%E0%A4p4rr0t HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://p4rr0t/ HTTP/1.1\r\nHost: p4rr0t\r\n\r\n',
  'GET http://[::p4rr0t HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST /api/v2/status HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\np4rr0t',
  'P4RR0T / HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\nHost: p4rr0t\r\n\r\n',
  'GET / HTTP/1.1\r\np4rr0t\r\n\r\n',
  'OPTIONS /p4rr0t HTTP/1.1\r\nHost: x\r\nOrigin: http://p4rr0t\r\nAccess-Control-Request-Headers: p4rr0t\r\n\r\n',
  'GET /api/v2/status HTTP/1.1\r\nHost: x\r\nIf-None-Match: "p4rr0t"\r\nOrigin: http://p4rr0t\r\nX-P4rr0t: p4rr0t\r\n\r\n',
  'GET /openapi.json HTTP/1.1\r\nHost: p4rr0t\r\nX-Forwarded-Host: p4rr0t\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: p4rr0t\r\nExpect: p4rr0t\r\n\r\n',
  `GET /${'p4rr0t'.repeat(2000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
];

/** As it stands in a log, in a URL, and by itself. */
function spellings(secret: string): string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
}

describeWithNats('leaks', (binary) => {
  async function startServer(): Promise<NatsServer> {
    const server = own(await startNatsServer({ bin: binary.bin, config: WELCOME }));
    const login = { servers: server.url, ...WORKER };
    await createConsumers(login, [FIRST, SECOND]);
    own(await startWorker(login, [FIRST, SECOND]));
    return server;
  }

  const config = (nats: object): object => ({
    nats,
    poll: { ...pollOf({ ...SHORT_TIMES, deadAfter: paced(6000) }), discover_every: '1s' },
    log: { level: 'trace' },
    components: { first: { consumers: [FIRST] }, second: { consumers: [{ ...SECOND, consumer: '*' }] } },
  });

  test('no name and no secret is in a public byte or in the log, whatever happens', async () => {
    const server = await startServer();
    const nats = { url: server.url, ...MONITOR };
    const service = own(await startService(config(nats)));
    const told: string[] = [];
    const look = async (): Promise<void> => {
      told.push(await publicBytes(service));
      const debug = await adminText(service);
      for (const secret of spellings(MONITOR.password)) expect(debug).not.toContain(secret);
      // The admin port is where names belong: they are really there.
      expect(debug).toContain(FIRST.consumer);
    };
    const until = async (detail: RegExp): Promise<void> => {
      await service.until('first', (answer) => detail.test(answer.detail), { withinMs: paced(20_000) });
      await look();
    };

    await service.until('second', ({ status }) => status === 'up');
    await until(/^$/);
    server.reload(FORBIDDEN);
    await until(/figures are/);
    server.reload(GONE);
    await until(/status unknown/);
    server.reload(WELCOME);
    await until(/^$/);
    await service.reload(config({ ...nats, password: ['c4n4ry'] }));
    await eventually(() => (service.output().includes('"event":"reload_refused"') ? true : undefined));
    await look();
    await server.kill('SIGKILL');
    await until(/figures are/);
    await server.restart({ jetstream: false, config: '' });
    await until(/status unknown/);
    for (const request of PARROTS) told.push(await bytesOf(service.url, request));

    const output = service.output();
    expect(output).toMatch(/"problem":"permission"/);
    expect(output).toMatch(/"problem":"auth"/);
    expect(output).toMatch(/"event":"discovery_incomplete"/);
    expect(output).toMatch(/"level":"debug"/);
    for (const text of [...told, output]) {
      expect(text).not.toMatch(CANARY);
      expect(text).not.toMatch(PARROT);
    }
  }, 90_000);

  const mode = createOperatorMode();
  const stranger = createUser();
  const seed = new TextDecoder().decode(stranger.getSeed());

  /** `file` holds `secrets[0]` alone, or with whatever belongs to it. */
  test.each<
    [way: string, secrets: readonly string[], login: (url: string, file: string) => object, content?: string]
  >([
    ['a password', [MONITOR.password], (url) => ({ url, ...MONITOR })],
    [
      'a password in the URL',
      [MONITOR.password],
      (url) => ({ url: url.replace('//', `//${MONITOR.user}:${encodeURIComponent(MONITOR.password)}@`) }),
    ],
    ['a token', ['c4n4ry-t0ken'], (url) => ({ url, token: 'c4n4ry-t0ken' })],
    ['a token in the URL', ['c4n4ry-t0ken'], (url) => ({ url: url.replace('//', '//c4n4ry-t0ken@') })],
    ['an nkey', [seed], (url, nkey) => ({ url, nkey }), seed],
    ['credentials', [mode.userSeed, mode.userJwt], (url, creds) => ({ url, creds }), mode.creds],
  ])(
    'a refused login with %s leaves the secret nowhere',
    async (_, secrets, login, content = '') => {
      const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-leaks-'));
      own({ stop: () => rm(folder, { recursive: true, force: true }) });
      const file = join(folder, 'secret');
      await writeFile(file, content);
      const server = own(await startNatsServer({ bin: binary.bin, config: GONE }));
      const service = own(await startService(config(login(server.url, file))));
      await eventually(() => (service.output().includes('"problem":"auth"') ? true : undefined));
      const told = [await publicBytes(service), await adminText(service), service.output()].join('\n');
      for (const secret of secrets.flatMap(spellings)) expect(told).not.toContain(secret);
    },
    30_000,
  );
});
