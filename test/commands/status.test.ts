import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { promisify } from 'node:util';
import type { PublicSetup } from '../http/public-setup.js';
import { startPublicSetup } from '../http/public-setup.js';
import { testWith } from '../support/find-program.js';
import type { Ended } from './run.js';
import { MAIN, runHere } from './run.js';

const run = promisify(execFile);

describe('of a running service', () => {
  let setup: PublicSetup;

  beforeEach(async () => {
    setup = await startPublicSetup();
  });
  afterEach(async () => {
    setup.app.dispose();
    await setup.server.close();
  });

  const status = (...args: string[]): Promise<Ended> =>
    runHere(['status', '--url', setup.server.url, ...args]);

  test('all of them, in a table without colours', async () => {
    setup.put('infra');
    setup.put('apps', { status: 'degraded', detail: 'backlog above warning threshold' });
    setup.time += 3999;
    expect(await status()).toEqual({
      code: 1,
      stdout: `\
COMPONENT  STATUS    LIVE PULLERS  BACKLOG  IN FLIGHT  OLDEST UNACKED  DETAIL
infra      up                   3      142          8      1 min 35 s
apps       degraded             3      142          8      1 min 35 s  backlog above warning threshold
The figures were read 3 s ago.
`,
      stderr: '',
    });
  });

  test.each([
    [['infra'], 0],
    [['infra', 'infra'], 0],
    [['apps'], 1],
    [['apps', '--allow', 'degraded'], 0],
    [['infra', 'apps'], 1],
    [['--allow=degraded'], 0],
  ])('%j gives %d', async (args, code) => {
    setup.put('infra');
    setup.put('apps', { status: 'degraded' });
    expect((await status(...args)).code).toBe(code);
  });

  test('down is 2, whatever is allowed', async () => {
    setup.put('infra', { status: 'degraded' });
    setup.put('apps', { status: 'down', detail: 'no live pullers' });
    expect((await status()).code).toBe(2);
    expect((await status('--allow', 'degraded')).code).toBe(2);
    expect((await status('apps', '--allow', 'degraded')).code).toBe(2);
  });

  test('--json prints what was served', async () => {
    setup.put('infra');
    setup.put('apps', { status: 'down' });
    const all = await (await fetch(`${setup.server.url}/api/v2/status`)).text();
    expect(await status('--json')).toEqual({ code: 2, stdout: `${all}\n`, stderr: '' });
    const one = async (id: string): Promise<string> =>
      (await fetch(`${setup.server.url}/api/v2/status/${id}`)).text();
    const both = `${await one('apps')}\n${await one('infra')}\n`;
    expect(await status('--json', 'apps', 'infra')).toEqual({ code: 2, stdout: both, stderr: '' });
  });

  test('old figures are told, and are never good', async () => {
    setup.put('infra');
    setup.put('apps');
    setup.time += 20_000;
    for (const args of [[], ['--allow', 'degraded'], ['infra', '--allow', 'degraded']]) {
      const { code, stdout } = await status(...args);
      expect(code).toBe(1);
      expect(stdout).toContain('THE FIGURES ARE STALE: they were read 20 s ago.\n');
      expect(stdout).toContain('figures are 20 seconds old');
    }
    setup.time += 50_000;
    expect((await status('--allow', 'degraded')).code).toBe(2);
  });

  test('figures that are not there yet are told, and are never good', async () => {
    setup.put('apps');
    const { code, stdout } = await status('--allow', 'degraded');
    expect(code).toBe(1);
    expect(stdout).toContain('status not yet known');
    expect(stdout).toContain('There are no figures yet.\n');
  });

  test('a component that does not exist is unknown, beside those that do', async () => {
    setup.put('infra');
    const { code, stdout, stderr } = await status('infra', 'ghost/../infra');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^infra +up /m);
    expect(stdout).toMatch(/^ghost\/\.\.\/infra +unknown +- +- +- +- +there is no such component$/m);
    expect(stderr).toBe(
      `jetstream-status: ${setup.server.url}: ghost/../infra: there is no such component\n`,
    );
  });

  test('a slash at the end of the address changes nothing', async () => {
    setup.put('infra');
    expect((await runHere(['status', 'infra', '--url', `${setup.server.url}/`])).code).toBe(0);
  });

  test('the local one is asked where no other is named', async () => {
    setup.put('infra');
    const env = { PORT: String(setup.server.port) };
    expect((await runHere(['status', 'infra'], { env })).code).toBe(0);
  });

  test('--wait ends as soon as everything is good, and tells each new state once where no terminal is', async () => {
    setup.put('infra');
    setup.put('apps', { status: 'down', detail: 'no live pullers' });
    const waiting = status('--wait', '1m');
    await asked(setup);
    setup.put('apps', { status: 'degraded', detail: 'backlog above warning threshold' });
    await asked(setup);
    setup.put('apps');
    const { code, stdout, stderr } = await waiting;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^apps +up /m);
    expect(stderr.replaceAll(/\d+ s /g, 'N s ').split('\n')).toEqual([
      'waiting since N s of 1m: apps down (no live pullers)',
      'waiting since N s of 1m: apps degraded (backlog above warning threshold)',
      '',
    ]);
  });

  test('--wait gives up when time is up, with the code of what is then', async () => {
    setup.put('infra');
    setup.put('apps', { status: 'degraded' });
    const startedAt = performance.now();
    const { code, stdout, stderr } = await status('--wait', '1s');
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^apps +degraded /m);
    expect(stderr).toMatch(/not everything was good within 1s\n$/);
    expect((await status('--wait', '1s', '--allow', 'degraded')).code).toBe(0);
  });

  if (process.platform === 'linux') {
    testWith('script', 'a terminal gets colours and one line of progress', async (script) => {
      setup.put('infra');
      setup.put('apps', { status: 'down', detail: 'no live pullers' });
      const command = `${process.execPath} ${MAIN} status --url ${setup.server.url}`;
      const onTerminal = async (line: string, env: Record<string, string> = {}): Promise<string> => {
        const options = { env: { PATH: process.env.PATH, TERM: 'xterm', ...env } };
        return (await run(script, ['-qc', line, '/dev/null'], options)).stdout;
      };
      expect(await onTerminal(command)).toContain('\u001B[31mdown  \u001B[0m');
      expect(await onTerminal(command, { NO_COLOR: '1' })).not.toContain('\u001B');
      const waited = await onTerminal(`${command} --wait 1s`);
      expect(waited).toContain('\r\u001B[Kwaiting since 0 s of 1s: apps down (no live pullers)');
      expect(waited).toContain('\r\u001B[KCOMPONENT');
    });
  }
});

/** Until the service has answered once more. */
async function asked({ server, app }: PublicSetup): Promise<void> {
  await new Promise<void>((resolve) => {
    server.use((req, res) => {
      res.once('finish', resolve);
      app.handler(req, res);
    });
  });
}

describe('of something else', () => {
  const servers: (Server | TcpServer)[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(
      servers.splice(0).map(async (server) => {
        server.close();
        await once(server, 'close');
      }),
    );
  });

  async function serve(listener: RequestListener): Promise<string> {
    return await listen(createServer(listener));
  }

  async function listen(server: Server | TcpServer): Promise<string> {
    servers.push(server);
    server.on('connection', (socket: Socket) => sockets.push(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  const NOT_OURS = 'the answer is not from jetstream-status';
  const UP_BODY =
    '{"status":"up","live_pullers":1,"backlog":0,"in_flight":0,"oldest_unacked_seconds":0,"detail":""}';

  test.each<[string, RequestListener, string]>([
    ['a page', (_, res) => res.end('<html>"status":"up"</html>'), `${NOT_OURS} (code 200)`],
    ['a login', (_, res) => res.writeHead(401).end(), `${NOT_OURS} (code 401)`],
    ['a proxy without its server', (_, res) => res.writeHead(502).end(), `${NOT_OURS} (code 502)`],
    ['another 404', (_, res) => res.writeHead(404).end('not found'), `${NOT_OURS} (code 404)`],
    ['our body without our headers', (_, res) => res.end(UP_BODY), `${NOT_OURS} (code 200)`],
    [
      'our headers without our body',
      (_, res) => res.writeHead(200, { 'X-Snapshot-State': 'fresh' }).end('{"status":"up"}'),
      `${NOT_OURS} (code 200)`,
    ],
    ['a connection that is cut off', (req) => req.socket.destroy(), 'the connection was cut off'],
    [
      'an answer without end',
      (_, res) => {
        const filler = Buffer.alloc(1024 * 1024);
        const more = (): void => {
          while (!res.destroyed && res.write(filler));
        };
        res.on('drain', more);
        more();
      },
      'the answer is too large',
    ],
  ])('%s is no status', async (_, listener, problem) => {
    const url = await serve(listener);
    expect(await runHere(['status', 'infra', '--url', url])).toMatchObject({
      code: 3,
      stderr: `jetstream-status: ${url}: infra: ${problem}\n`,
    });
    const all = await runHere(['status', '--url', url, '--json']);
    expect(all).toEqual({ code: 3, stdout: '', stderr: `jetstream-status: ${url}: ${problem}\n` });
  });

  test('keys of a later version change nothing', async () => {
    const url = await serve((_, res) =>
      res.writeHead(200, { 'X-Snapshot-State': 'fresh' }).end(UP_BODY.replace('}', ',"later":1}')),
    );
    expect((await runHere(['status', 'infra', '--url', url])).code).toBe(0);
  });

  test('a server that takes the question and says nothing is left after a while', async () => {
    const url = await listen(createTcpServer());
    const startedAt = performance.now();
    const { code, stdout, stderr } = await runHere(['status', '--url', url, '--wait', '6s']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^waiting since \d s of 6s: no answer within 5 s\n/);
    expect(stderr).toMatch(/not everything was good within 6s\n$/);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('nobody there', async () => {
    const url = await listen(createTcpServer());
    const server = servers.pop();
    server?.close();
    expect(await runHere(['status', '--url', url])).toEqual({
      code: 3,
      stdout: '',
      stderr: `jetstream-status: ${url}: connection refused\n`,
    });
    expect((await runHere(['status', '--url', url.replace('http', 'https')])).code).toBe(3);
  });
});

test.each([
  [['--url', 'status.example.com'], '--url must be'],
  [['--url', 'https://me:hunter2@a'], '--url must have no user'],
  [['--wait'], '--wait'],
  [['--wait', '5'], '--wait must be a time'],
  [['--wait', '5 minutes'], '--wait must be a time'],
  [['--allow', 'down'], '--allow can only be degraded'],
  [['--json=yes'], '--json'],
  [[''], 'the id of a component is empty'],
])('%j is a wrong command line', async (args, message) => {
  const { code, stdout, stderr } = await runHere(['status', ...args]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/; see jetstream-status status --help\n$/);
  expect(stderr).not.toContain('hunter2');
});

test('a PORT that is none is told', async () => {
  expect((await runHere(['status'], { env: { PORT: 'eighty' } })).code).toBe(64);
});
