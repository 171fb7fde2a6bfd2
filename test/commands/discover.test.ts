import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JetStreamManager, NatsConnection } from 'nats';
import { AckPolicy, connect } from 'nats';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.js';
import { startPlatform } from '../../scripts/demo/platform.mjs';
import { eventually } from '../support/eventually.js';
import { describeWithNats, isAtLeast } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { startService } from '../support/service.js';
import { runHere, runProgram } from './run.js';

const PASSWORD = 'hunter2hunter2';
const ACCOUNTS = `accounts {
  A { jetstream: enabled, users: [
    { user: me, password: ${PASSWORD} },
    { user: reader, password: reader, permissions: { publish: ["$JS.API.STREAM.NAMES"] } }
  ] }
  PLAIN { users: [ { user: plain, password: plain } ] }
}
no_auth_user: me`;

/** The consumers that a configuration watches, by component, from the running service itself. */
async function watchedBy(file: string, env: Record<string, string> = {}): Promise<Record<string, string[]>> {
  const service = await startService(file, { env });
  try {
    return await eventually(async () => {
      const { components } = (await service.debug()) as {
        components: { id: string; consumers: { stream: string; consumer: string }[] }[];
      };
      // By metadata they are found a moment later.
      if (components.some(({ consumers }) => consumers.length === 0)) return undefined;
      return Object.fromEntries(
        components.map(({ id, consumers }) => [
          id,
          consumers.map(({ stream, consumer }) => `${stream} ${consumer}`).sort(),
        ]),
      );
    });
  } finally {
    await service.stop();
  }
}

describeWithNats('discover', (binary) => {
  const hasMetadata = isAtLeast(binary, '2.10');
  let server: NatsServer;
  let nc: NatsConnection;
  let jsm: JetStreamManager;
  let folder: string;

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin, config: ACCOUNTS });
    folder = await mkdtemp(join(tmpdir(), 'discover-'));
    nc = await connect({ servers: server.url });
    jsm = await nc.jetstreamManager();
    for (const name of ['ORDERS_EU', 'orders-eu', 'INFRA', 'EMPTY']) {
      await jsm.streams.add({ name, subjects: [`${name}.>`] });
    }
    const durable = (stream: string, name: string, more: object = {}) =>
      jsm.consumers.add(stream, { durable_name: name, ack_policy: AckPolicy.Explicit, ...more });
    await durable('ORDERS_EU', 'ship');
    await durable('ORDERS_EU', '123', { deliver_subject: 'push.here' });
    await durable('orders-eu', 'no');
    await durable('INFRA', 'provisioner');
    if (hasMetadata) {
      await durable('INFRA', 'tagged', { metadata: { 'jetstream-status.component': 'data' } });
    }
    // Of a key-value watcher and of an ordered reader.
    await jsm.consumers.add('INFRA', { ack_policy: AckPolicy.None, inactive_threshold: 600e9 });
    const kv = await nc.jetstream().views.kv('settings');
    await kv.watch();
  });
  afterAll(async () => {
    await nc.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const watched = (): Record<string, string[]> => ({
    infra: ['INFRA provisioner'],
    'orders-eu': ['ORDERS_EU 123', 'ORDERS_EU ship'],
    'orders-eu-2': ['orders-eu no'],
    ...(hasMetadata && { data: ['INFRA tagged'] }),
  });

  /** How the service would log in with a printed file, which is for the same components as any other. */
  async function accepted(text: string, env: Record<string, string>) {
    await writeFile(join(folder, 'accepted.yaml'), text);
    const { config } = await loadConfig({ configPath: 'accepted.yaml', env, cwd: folder });
    expect(config.nats.servers).toEqual([server.url.replace('nats://', '')]);
    expect(config.components.map(({ id }) => id).sort()).toEqual(Object.keys(watched()).sort());
    return config.nats.auth;
  }

  test('prints a file that is accepted unchanged and watches what there is', async () => {
    const { code, stdout, stderr } = await runProgram(['discover', '--url', server.url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await watchedBy(stdout)).toEqual(watched());
    const file = join(folder, 'status.yaml');
    await writeFile(file, stdout);
    expect((await runHere(['check-config', '--config', file])).code).toBe(0);
    const { components } = parse(stdout) as { components: Record<string, { name: string }> };
    expect(Object.values(components).map(({ name }) => name)).toEqual([
      'Infra',
      'Orders eu',
      'Orders eu',
      ...(hasMetadata ? ['Data'] : []),
    ]);
    expect(stdout).toMatch(/^# {3}stream INFRA, consumer \S+: it is not durable/m);
    expect(stdout).toMatch(/^# {3}stream KV_settings, consumer \S+: it is not durable/m);
    expect(stdout).not.toContain('EMPTY');
  });

  test('the limits that are commented out are valid, and those of today', async () => {
    const { stdout } = await runHere(['discover'], { env: { NATS_URL: server.url } });
    const file = join(folder, 'limits.yaml');
    const lines = /^ {4}# (thresholds:| {2}(?:backlog|in_flight|oldest_unacked):.*)$/gm;
    expect([...stdout.matchAll(lines)]).toHaveLength(4 * Object.keys(watched()).length);
    await writeFile(file, stdout.replaceAll(lines, '    $1'));
    const { code, stdout: checked } = await runHere(['check-config', '--config', file]);
    expect(code).toBe(0);
    const { components, defaults } = parse(checked) as {
      components: Record<string, { thresholds: Record<string, { warn: unknown }> }>;
      defaults: { thresholds: Record<string, { warn: unknown }> };
    };
    for (const { thresholds } of Object.values(components)) {
      expect(Object.entries(thresholds).map(([key, { warn }]) => [key, warn])).toEqual(
        Object.entries(defaults.thresholds).map(([key, { warn }]) => [key, warn]),
      );
    }
  });

  test('prints no password, and says where it belongs', async () => {
    const env = { NATS_URL: server.url.replace('//', `//me:${PASSWORD}@`) };
    const { code, stdout } = await runHere(['discover'], { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain(PASSWORD);
    expect(stdout).toContain('set NATS_USER and NATS_PASSWORD');
    expect(await accepted(stdout, env)).toEqual({ method: 'user', user: 'me', password: PASSWORD });
  });

  test('a context of the command line stays the context', async () => {
    const contexts = join(folder, 'nats', 'context');
    await mkdir(contexts, { recursive: true });
    const context = { url: server.url, user: 'me', password: PASSWORD };
    await writeFile(join(contexts, 'prod.json'), JSON.stringify(context));
    const env = { XDG_CONFIG_HOME: folder };
    const { code, stdout } = await runHere(['discover', '--context', 'prod'], { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain(PASSWORD);
    expect(parse(stdout)).toMatchObject({ nats: { context: 'prod' } });
    expect(await accepted(stdout, env)).toEqual({ method: 'user', user: 'me', password: PASSWORD });
  });

  test('tells what it may not ask, and prints nothing', async () => {
    const as = (user: string, password: string) =>
      runHere(['discover', '--url', server.url.replace('//', `//${user}:${password}@`)]);
    expect(await as('me', 'wrong')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('NATS refuses the credentials') as unknown,
    });
    expect(await as('plain', 'plain')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('JetStream is not enabled for this account') as unknown,
    });
    const { code, stdout, stderr } = await as('reader', 'reader');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const stream of ['ORDERS_EU', 'INFRA', 'KV_settings']) {
      expect(stderr).toContain(`the consumers of stream ${stream} cannot be listed: no permission`);
    }
  });

  test('ends on a server that hangs', async () => {
    server.signal('SIGSTOP');
    try {
      const startedAt = performance.now();
      const { code, stdout } = await runProgram(['discover', '--url', server.url]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    } finally {
      server.signal('SIGCONT');
    }
  });

  test('reads the streams of the demo, whose file it could be', async () => {
    const platform = await startPlatform(binary.bin);
    try {
      const { code, stdout } = await runHere(['discover', '--url', platform.url]);
      expect(code).toBe(0);
      expect(await watchedBy(stdout)).toEqual({
        apps: ['APPS deployer'],
        datastores: ['DATASTORES manager'],
        infra: ['INFRA provisioner'],
      });
    } finally {
      await platform.stop();
    }
  });
});

describe('without anything to find', () => {
  describeWithNats('on a server', ({ bin }) => {
    test('nothing is printed', async () => {
      const server = await startNatsServer({ bin });
      expect(await runHere(['discover', '--url', server.url])).toEqual({
        code: 1,
        stdout: '',
        stderr: 'jetstream-status: there is no durable consumer to watch\n',
      });
      await server.stop();
    });
  });

  test('nobody there', async () => {
    const { code, stdout, stderr } = await runProgram(['discover', '--url', 'nats://127.0.0.1:1']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('jetstream-status: 127.0.0.1:1: no connection to NATS\n');
  });

  test.each([
    ['http://127.0.0.1:4222', 'option --url must begin with nats:// or tls://'],
    [`nats://me:${PASSWORD}@a:b`, 'option --url must have a port'],
  ])('%s is a wrong command line', async (url, message) => {
    const { code, stderr } = await runHere(['discover', '--url', url]);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(PASSWORD);
  });

  test('a context that does not exist is a refused configuration', async () => {
    const { code, stderr } = await runHere(['discover', '--context', 'none'], { env: { HOME: tmpdir() } });
    expect(code).toBe(2);
    expect(stderr).toContain('none.json');
  });
});
