import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AckPolicy, connect, createInbox, credsAuthenticator, nkeyAuthenticator } from 'nats';
import type { ConnectionOptions } from 'nats';
import { createUser } from 'nkeys.js';
import { eventually } from '../support/eventually.js';
import { describeWithNats, isAtLeast } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { createOperatorMode } from '../support/nats-jwt.js';
import { paced } from '../support/pace.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

const TLS = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));
const SERVER_TLS = `cert_file: "${TLS}server.pem", key_file: "${TLS}server.key"`;
const CA = join(TLS, 'ca.pem');
const COMPONENTS = { work: { consumers: [{ stream: 'WORK', consumer: 'worker' }] } };
const POLL = { every: '1s' };

describeWithNats('ways to log in', (binary) => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function serverWith(config: string): Promise<NatsServer> {
    const server = await startNatsServer({ bin: binary.bin, config });
    cleanUps.push(() => server.stop());
    return server;
  }

  /** A stream with a consumer that somebody pulls from, made by whoever may. */
  async function addWorker(options: ConnectionOptions): Promise<void> {
    const nc = await connect(options);
    cleanUps.push(() => nc.close());
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'WORK', subjects: ['work.>'] });
    await jsm.consumers.add('WORK', { durable_name: 'worker', ack_policy: AckPolicy.Explicit });
    const inbox = createInbox();
    nc.subscribe(inbox);
    nc.publish('$JS.API.CONSUMER.MSG.NEXT.WORK.worker', '{"batch":1,"expires":600000000000}', {
      reply: inbox,
    });
    await nc.flush();
  }

  async function serviceWith(nats: object, env: Record<string, string> = {}): Promise<RunningService> {
    const service = await startService({ nats, poll: POLL, components: COMPONENTS }, { env });
    cleanUps.push(() => service.stop('SIGKILL'));
    return service;
  }

  async function expectsToRead(nats: object, env?: Record<string, string>): Promise<void> {
    const service = await serviceWith(nats, env);
    await service.until('work', ({ status, live_pullers: live }) => status === 'up' && live === 1);
  }

  /** Waits until the connection's problem is told on the admin listener, with no figures to be had. */
  async function expectsProblem(service: RunningService, problem: string): Promise<void> {
    await eventually(async () => {
      const { connection } = (await service.debug()) as { connection: { problem?: string } };
      return connection.problem === problem ? true : undefined;
    });
    expect((await service.status('work')).status).not.toBe('up');
  }

  async function file(name: string, text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'login-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  const at = ({ port }: NatsServer, userInfo = ''): string => `nats://${userInfo}127.0.0.1:${String(port)}`;

  test('user and password, by keys, by environment and in the URL', async () => {
    const server = await serverWith('authorization { user: monitor, password: "s3cret/@" }');
    await addWorker({ servers: server.url, user: 'monitor', pass: 's3cret/@' });
    await expectsToRead({ url: server.url, user: 'monitor', password: 's3cret/@' });
    await expectsToRead({ url: at(server, 'monitor:s3cret%2F%40@') });
    await expectsToRead(
      { url: 'nats://127.0.0.1:1' },
      { NATS_URL: server.url, NATS_USER: 'monitor', NATS_PASSWORD: 's3cret/@' },
    );
  });

  test('token, by key and in the URL', async () => {
    const server = await serverWith('authorization { token: "t0ken" }');
    await addWorker({ servers: server.url, token: 't0ken' });
    await expectsToRead({ url: server.url, token: 't0ken' });
    await expectsToRead({ url: at(server, 't0ken@') });
  });

  test('nkey', async () => {
    const user = createUser();
    const seed = new TextDecoder().decode(user.getSeed());
    const server = await serverWith(`authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`);
    await addWorker({ servers: server.url, authenticator: nkeyAuthenticator(user.getSeed()) });
    await expectsToRead({ url: server.url, nkey: await file('user.nk', `${seed}\n`) });
  });

  test('credentials file, and a user JWT of a context', async () => {
    const { serverConfig, creds, userJwt, userSeed } = createOperatorMode();
    const server = await serverWith(serverConfig);
    await addWorker({
      servers: server.url,
      authenticator: credsAuthenticator(new TextEncoder().encode(creds)),
    });
    await expectsToRead({ url: server.url, creds: await file('user.creds', creds) });
    const context = {
      url: server.url,
      user_jwt: userJwt,
      nkey: await file('user.nk', userSeed),
    };
    const path = await file('nats/context/prod.json', JSON.stringify(context));
    await expectsToRead({ context: 'prod' }, { XDG_CONFIG_HOME: join(path, '../../..') });
  });

  test('TLS with an authority of its own and a certificate of the client', async () => {
    const server = await serverWith(`tls { ${SERVER_TLS}, ca_file: "${CA}", verify: true }`);
    const client = { cert: join(TLS, 'client.pem'), key: join(TLS, 'client.key') };
    await addWorker({
      servers: server.url,
      tls: { caFile: CA, certFile: client.cert, keyFile: client.key },
    });
    await expectsToRead({ url: `tls://127.0.0.1:${String(server.port)}`, tls: { ca: CA, ...client } });
    await expectsToRead({ url: server.url }, { NATS_CA: CA, NATS_CERT: client.cert, NATS_KEY: client.key });
    await expectsProblem(await serviceWith({ url: server.url, tls: { ca: CA } }), 'disconnected');
    // An authority that nobody here knows.
    await expectsProblem(
      await serviceWith({ url: `tls://127.0.0.1:${String(server.port)}` }),
      'disconnected',
    );
  });

  if (isAtLeast(binary, '2.10')) {
    test('TLS before the first line of the protocol', async () => {
      const server = await serverWith(`tls { ${SERVER_TLS}, handshake_first: true }`);
      await addWorker({ servers: server.url, tls: { caFile: CA, handshakeFirst: true } });
      await expectsToRead({ url: server.url, tls: { ca: CA, first: true } });
    });
  }

  test('tls:// never goes on in the clear', async () => {
    const server = await serverWith('authorization { user: monitor, password: canary-password }');
    const service = await serviceWith({
      url: `tls://127.0.0.1:${String(server.port)}`,
      user: 'monitor',
      password: 'canary-password',
    });
    await expectsProblem(service, 'disconnected');
    expect(service.output()).not.toContain('canary-password');
  });

  test('a domain, and another account through its exports', async () => {
    const server = await serverWith(`
      accounts {
        A { jetstream: enabled, users: [ { user: a, password: a } ], exports: [
          { service: "$JS.API.CONSUMER.INFO.WORK.*" }, { service: "$JS.API.STREAM.MSG.GET.WORK" }
        ] }
        B { users: [ { user: b, password: b } ], imports: [
          { service: { account: A, subject: "$JS.API.CONSUMER.INFO.WORK.*" }, to: "JS.A.API.CONSUMER.INFO.WORK.*" }
          { service: { account: A, subject: "$JS.API.STREAM.MSG.GET.WORK" }, to: "JS.A.API.STREAM.MSG.GET.WORK" }
        ] }
      }`);
    await addWorker({ servers: server.url, user: 'a', pass: 'a' });
    await expectsToRead({ url: server.url, user: 'b', password: 'b', api_prefix: 'JS.A.API' });
    await expectsProblemOfRead(
      await serviceWith({ url: server.url, user: 'a', password: 'a', domain: 'nowhere' }),
      'domain_unreachable',
    );
  });

  /** Waits until the consumer's last failed read is told with this kind. */
  async function expectsProblemOfRead(service: RunningService, problem: string): Promise<void> {
    await eventually(async () =>
      JSON.stringify(await service.debug()).includes(`"${problem}"`) ? true : undefined,
    );
    expect((await service.status('work')).status).not.toBe('up');
  }

  test('a JetStream domain of the server itself', async () => {
    const server = await startNatsServer({ bin: binary.bin, domain: 'hub' });
    cleanUps.push(() => server.stop());
    await addWorker({ servers: server.url });
    await expectsToRead({ url: server.url, domain: 'hub' });
  });

  test('account without JetStream, server without JetStream, a wrong domain: three kinds', async () => {
    const off = await serverWith(`
      accounts { A { jetstream: enabled, users: [ { user: a, password: a } ] }, B { users: [ { user: b, password: b } ] } }
      no_auth_user: b`);
    const without = await startNatsServer({ bin: binary.bin, jetstream: false });
    cleanUps.push(() => without.stop());
    await expectsProblemOfRead(await serviceWith({ url: off.url }), 'jetstream_off_for_account');
    await expectsProblemOfRead(await serviceWith({ url: without.url }), 'jetstream_off');
    await expectsProblemOfRead(await serviceWith({ url: without.url, domain: 'hub' }), 'domain_unreachable');
  });

  test('wrong credentials that are corrected later', async () => {
    const server = await serverWith(
      'authorization { users: [ { user: owner, password: o }, { user: monitor, password: old } ] }',
    );
    await addWorker({ servers: server.url, user: 'owner', pass: 'o' });
    const service = await serviceWith({ url: server.url, user: 'monitor', password: 'new' });
    await expectsProblem(service, 'auth');
    server.reload(
      'authorization { users: [ { user: owner, password: o }, { user: monitor, password: new } ] }',
    );
    await service.until('work', ({ status }) => status === 'up', { withinMs: paced(12_000) });
  });
});
