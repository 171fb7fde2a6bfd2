import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import type { LoadedConfig } from '../../src/config/load-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { renderConfig } from '../../src/config/render-config.js';
import { configKeys } from '../../src/config/schema-keys.js';
import { secretsOf } from '../../src/config/secrets.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMPONENTS = 'components: { infra: { consumers: [{ stream: INFRA }] } }';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
  await mkdir(join(folder, 'xdg/nats/context'), { recursive: true });
  await mkdir(join(folder, 'home'));
  await mkdir(join(folder, 'etc'));
  for (const file of ['etc/a.creds', 'b.creds', 'home/c.creds', 'ca.pem'])
    await writeFile(join(folder, file), '-');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Loads a text as `etc/config.yaml`, with the test's folder as the working directory. */
async function load(text: string, env: Readonly<Record<string, string>> = {}): Promise<LoadedConfig> {
  await writeFile(join(folder, 'etc/config.yaml'), text);
  return await loadConfig({
    configPath: 'etc/config.yaml',
    env: { HOME: join(folder, 'home'), XDG_CONFIG_HOME: join(folder, 'xdg'), ...env },
    cwd: folder,
  });
}

async function natsOf(text: string, env: Readonly<Record<string, string>> = {}): Promise<Config['nats']> {
  return (await load(`${text}\n${COMPONENTS}`, env)).config.nats;
}

async function writeContext(name: string, fields: object): Promise<void> {
  await writeFile(join(folder, `xdg/nats/context/${name}.json`), JSON.stringify(fields));
}

async function problemsOf(loading: Promise<unknown>): Promise<string> {
  try {
    await loading;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the files that come with the program', () => {
  test.each(['config/default.yaml', 'config/demo.yaml'])('%s is valid', async (configPath) => {
    const { config } = await loadConfig({ configPath, env: {}, cwd: ROOT });
    expect(config.components.map(({ id }) => id)).toEqual(['infra', 'apps', 'datastores']);
  });

  test('default.yaml names every key there is', async () => {
    const text = await readFile(join(ROOT, 'config/default.yaml'), 'utf8');
    const missing = configKeys()
      .map(({ path }) => path.at(-1) ?? '')
      .filter((key) => key !== '*' && !new RegExp(`\\b${key}:`).test(text));
    expect(missing).toEqual([]);
  });

  test('default.yaml shows the defaults: without its values the result is the same', async () => {
    const { config } = await loadConfig({ configPath: 'config/default.yaml', env: {}, cwd: ROOT });
    const bare = (await load(COMPONENTS)).config;
    expect({ ...config, components: [] }).toEqual({ ...bare, components: [] });
  });

  test('default.yaml is used where no other file is named, from any working directory', async () => {
    const { config, origins } = await loadConfig({ configPath: undefined, env: {}, cwd: tmpdir() });
    expect(config.components).toHaveLength(3);
    expect(origins[0]).toMatch(/config\/default\.yaml$/);
  });
});

describe('defaults', () => {
  test.each([
    ['5s', [2000, 15_000, 60_000, 10_000]],
    ['1s', [400, 15_000, 60_000, 10_000]],
    ['30s', [2000, 90_000, 360_000, 60_000]],
    ['2m', [2000, 360_000, 1_440_000, 240_000]],
  ])('follow from every: %s', async (every, expected) => {
    const { poll } = (await load(`poll: { every: ${every} }\n${COMPONENTS}`)).config;
    expect([poll.timeoutMs, poll.staleAfterMs, poll.deadAfterMs, poll.startGraceMs]).toEqual(expected);
  });

  test('components keep the order of the file, also where an id is a number', async () => {
    const component = '{ consumers: [{ stream: S }] }';
    const { config } = await load(`components: { z: ${component}, 7: ${component}, a: ${component} }`);
    expect(config.components.map(({ id }) => id)).toEqual(['z', '7', 'a']);
  });
});

describe('the environment stands over the file', () => {
  test('key by key', async () => {
    const { config } = await load(`http: { host: 127.0.0.1, port: 1 }\n${COMPONENTS}`, {
      PORT: '9000',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'debug',
      NATS_URL: 'nats://a:1,b:2',
    });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 9000 });
    expect(config.admin.port).toBe(0);
    expect(config.log.level).toBe('debug');
    expect(config.nats.servers).toEqual(['a:1', 'b:2']);
  });

  test('another way to authenticate replaces the one of the file', async () => {
    const auth = await natsOf('nats: { user: u, password: p }', { NATS_TOKEN: 'secret-token' });
    expect(auth.auth).toEqual({ method: 'token', token: 'secret-token' });
  });

  test('an empty variable is none, and a wrong one is named', async () => {
    expect((await load(COMPONENTS, { PORT: '' })).config.http.port).toBe(8080);
    await expect(problemsOf(load(COMPONENTS, { PORT: 'x' }))).resolves.toBe(
      'environment variable PORT: http.port: must be a whole number from 0 to 65535; got "x"',
    );
  });
});

test('paths count from the file, in the environment from the working directory, and ~ is the home', async () => {
  expect((await natsOf('nats: { creds: a.creds }')).auth).toEqual({
    method: 'creds',
    path: join(folder, 'etc/a.creds'),
  });
  expect((await natsOf('nats: {}', { NATS_CREDS: 'b.creds' })).auth).toMatchObject({
    path: join(folder, 'b.creds'),
  });
  expect((await natsOf('nats: { creds: ~/c.creds }')).auth).toMatchObject({
    path: join(folder, 'home/c.creds'),
  });
});

describe('a context of the nats command line', () => {
  test('gives what the file does not say', async () => {
    await writeContext('prod', {
      url: 'tls://one:4222,two',
      user: 'monitor',
      password: 'hidden-password',
      ca: join(folder, 'ca.pem'),
      jetstream_domain: 'hub',
      inbox_prefix: '_INBOX_x',
      description: 'ignored',
    });
    expect(await natsOf('nats: { context: prod }')).toEqual({
      servers: ['one:4222', 'two:4222'],
      tls: { first: false, ca: join(folder, 'ca.pem') },
      auth: { method: 'user', user: 'monitor', password: 'hidden-password' },
      domain: 'hub',
      inboxPrefix: '_INBOX_x',
    });
  });

  test('is read as the command line saves it, with every field there', async () => {
    const empty = Object.fromEntries(
      [
        ...[
          'description',
          'url',
          'socks_proxy',
          'token',
          'user',
          'password',
          'creds',
          'nkey',
          'cert',
          'key',
          'ca',
        ],
        ...['nsc', 'jetstream_domain', 'jetstream_api_prefix', 'jetstream_event_prefix', 'inbox_prefix'],
        ...['user_jwt', 'color_scheme', 'windows_cert_store', 'windows_cert_match_by', 'windows_cert_match'],
      ].map((field) => [field, '']),
    );
    for (const certificates of [null, []]) {
      await writeContext('saved', { ...empty, tls_first: false, windows_ca_certs_match: certificates });
      expect(await natsOf('nats: { context: saved }')).toEqual(await natsOf('nats: {}'));
    }
  });

  test('yields to explicit keys', async () => {
    const nats = await natsOf('nats: { context: prod, url: "nats://t0ken@three", api_prefix: JS.x.API. }');
    expect(nats.servers).toEqual(['three:4222']);
    expect(nats.auth).toEqual({ method: 'token', token: 't0ken' });
    expect([nats.domain, nats.apiPrefix]).toEqual([undefined, 'JS.x.API']);
  });

  test.each([
    [{ user: 'u', creds: '~/c.creds', token: 't' }, 'user'],
    [{ creds: '~/c.creds', nkey: '~/c.creds', token: 't' }, 'creds'],
    [{ nkey: '~/c.creds', token: 't' }, 'nkey'],
    [{ token: 't' }, 'token'],
    [{ user_jwt: 'j', nkey: '~/c.creds' }, 'jwt'],
  ])('takes the first of its credentials: %j', async (fields, method) => {
    await writeContext('auth', fields);
    expect((await natsOf('nats: { context: auth }')).auth.method).toBe(method);
  });

  test.each([
    [{ nsc: 'nsc://x' }, /auth\.json: nsc: is not supported by jetstream-status$/],
    [{ windows_cert_store: 'x' }, /windows_cert_store: is not supported/],
    [{ user: 7 }, /auth\.json: user: must be text$/],
    [{ jetstream_domain: 'a', jetstream_api_prefix: 'b' }, /cannot be set together with jetstream_domain$/],
    [{ creds: '/no/such.creds' }, /auth\.json: creds: cannot be read: no such file/],
    [{ url: 'ws://x' }, /auth\.json: url: must be nats:\/\/ or tls:\/\//],
    [[], /is no JSON object$/],
  ])('is refused with %j', async (fields, expected) => {
    await writeContext('auth', fields);
    expect(await problemsOf(natsOf('nats: { context: auth }'))).toMatch(expected);
  });

  test.each([
    ['gone', /nats\.context: cannot be read: no such file \(.*gone\.json\)$/],
    ['"../prod"', /must be the name of a context, not a path/],
  ])('named %s is refused', async (name, expected) => {
    expect(await problemsOf(natsOf(`nats: { context: ${name} }`))).toMatch(expected);
  });
});

describe('secrets', () => {
  const CANARY = 'c4n4ry';

  test.each([
    [`nats: { url: "nats://u:${CANARY}@h" }`],
    [`nats: { user: u, password: ${CANARY} }`],
    [`nats: { token: ${CANARY} }`],
  ])('are known to the log and left out of what check-config prints: %s', async (text) => {
    const { config } = await load(`${text}\n${COMPONENTS}`);
    expect(secretsOf(config)).toContain(CANARY);
    expect(renderConfig(config)).not.toContain(CANARY);
  });

  test.each([
    [`nats: { url: "http://u:${CANARY}@h" }`],
    [`nats: { url: ["${CANARY}"] }`],
    [`nats: { password: ${CANARY} }`],
    [`nats: { token: { ${CANARY}: 1 } }`],
    [`nats: "${CANARY}"`],
    [`nats: { user: "", password: ${CANARY}, token: ${CANARY} }`],
    [`nats: { creds: "-----BEGIN ${CANARY}" }`],
    [`password:${CANARY}`],
    [`page: { url: "https://u:${CANARY}@h" }`],
  ])('are in no message: %s', async (text) => {
    const message = await problemsOf(load(`${text}\n${COMPONENTS}`));
    expect(message).not.toBe('accepted');
    expect(message).not.toContain(CANARY);
  });
});

describe('a value in the place of a secret', () => {
  const CANARY = 'c4n4ry';
  const secretKeys = configKeys().flatMap(({ path, secret }) => (secret ? [path.join('.')] : []));

  test.each(secretKeys)('is not repeated, whatever is wrong with it: %s', async (key) => {
    const wrong = [[CANARY], { [CANARY]: CANARY }, `-----BEGIN ${CANARY}`, `http://${CANARY}:${CANARY}@h\n`];
    for (const value of wrong) {
      const nested = key.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
      const text = JSON.stringify({ ...(nested as object), components: { a: {} } });
      const message = await problemsOf(load(text));
      expect(message).toContain('components.a');
      expect(message).not.toContain(CANARY);
    }
  });
});

describe('components that take consumers by their metadata', () => {
  test('look everywhere unless streams are named', async () => {
    const { config } = await load(
      'components: { a: { discover: true }, b: { discover: true, streams: [S, "O-*"] }, c: { discover: false, consumers: [{ stream: S }] } }',
    );
    expect(config.components.map(({ discover, consumers }) => [discover, consumers.length])).toEqual([
      [{ streams: ['*'] }, 0],
      [{ streams: ['S', 'O-*'] }, 0],
      [undefined, 1],
    ]);
  });
});

describe('what check-config prints means the same when it is loaded', () => {
  test('for the file that comes with the program', async () => {
    const { config } = await load(await readFile(join(ROOT, 'config/default.yaml'), 'utf8'));
    expect((await load(renderConfig(config))).config).toEqual(config);
  });

  test('for every kind of selection', async () => {
    const { config } = await load(
      [
        'components:',
        '  9: { discover: true }',
        '  a: { discover: true, streams: [S, "O-*"], consumers: [{ stream: S, work_window: 90s, critical: true }] }',
        '  b: { consumers: [{ stream: S, consumer: "p-*", expect_pullers: when_due }], thresholds: { oldest_unacked: { warn: 90s } } }',
      ].join('\n'),
    );
    expect((await load(renderConfig(config))).config).toEqual(config);
    expect(renderConfig(config)).not.toContain('discover: false');
  });
});
