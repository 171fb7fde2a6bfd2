import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/commands/commands.js';
import { INTEGRATIONS } from '../../src/integrations/integrations.js';
import { runHere, runProgram } from './run.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const USAGE = 64;

describe.each(COMMANDS.map(({ name }): string => name))('%s', (name) => {
  test.each([['--help'], ['-h']])('%s prints how it is used', async (option) => {
    const { code, stdout, stderr } = await runProgram([name, option]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: jetstream-status /);
    expect(stdout).toContain(name);
    expect(stdout).toMatch(/64 for a wrong\s+command line/);
    expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  test('an option that is not known ends it with one line and where help is', async () => {
    const { code, stdout, stderr } = await runProgram([name, '--wrong']);
    expect({ code, stdout }).toEqual({ code: USAGE, stdout: '' });
    expect(stderr).toBe(`jetstream-status: unknown option '--wrong'; see jetstream-status ${name} --help\n`);
  });

  test('an option without its value is a wrong command line', async () => {
    const option = name === 'status' ? '--url' : '--config';
    for (const args of [[option], [`${option}=`]]) {
      const { code, stderr } = await runProgram([name, ...args]);
      expect([code, stderr.split('\n').length]).toEqual([USAGE, 2]);
      expect(stderr).toContain(option);
    }
  });
});

describe('without a command', () => {
  test('--help lists every command', async () => {
    const { code, stdout } = await runProgram(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS)
      expect(stdout.replaceAll(/ +/g, ' ')).toContain(`
 ${name} ${summary}
`);
  });

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await runProgram(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('an option that is not known is told with the help of the program', async () => {
    expect(await runProgram(['--wrong'])).toEqual({
      code: USAGE,
      stdout: '',
      stderr: "jetstream-status: unknown option '--wrong'; see jetstream-status --help\n",
    });
  });
});

test.each([
  [
    'chek-config',
    /unknown command "chek-config", did you mean check-config\?; see jetstream-status --help\n/,
  ],
  ['xyzzy', /unknown command "xyzzy" \(there are serve, check-config, .*\); see jetstream-status --help\n/],
])('a command that does not exist: %s', async (typed, message) => {
  const { code, stdout, stderr } = await runProgram([typed, '--help']);
  expect({ code, stdout }).toEqual({ code: USAGE, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.split('\n')).toHaveLength(2);
});

test('words that no command asks for are a wrong command line', async () => {
  for (const name of ['serve', 'check-config']) {
    const { code, stderr } = await runProgram([name, 'word']);
    expect([code, stderr.split('\n').length]).toEqual([USAGE, 2]);
  }
});

describe('check-config', () => {
  test('prints what results, with 0', async () => {
    const { code, stdout, stderr } = await runProgram(['check-config', '--config', 'config/default.yaml'], {
      cwd: ROOT,
      env: { PORT: '9000', NATS_TOKEN: 'hunter2hunter2' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# valid; made from config\/default\.yaml, NATS_TOKEN, PORT\n/);
    expect(parse(stdout)).toMatchObject({ nats: { token: '[redacted]' }, http: { port: 9000 } });
    expect(stdout).not.toContain('hunter2');
  });

  test('tells everything that is wrong, with 2', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-config-'));
    await writeFile(join(folder, 'bad.yaml'), 'poll: { every: 7s }\ncomponent: {}\n');
    const { code, stdout, stderr } = await runProgram(['check-config', '--config', 'bad.yaml'], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const part of ['bad.yaml:1', 'poll.every', 'bad.yaml:2', 'component'])
      expect(stderr).toContain(part);
    expect((await runProgram(['check-config', '--config', 'none.yaml'], { cwd: folder })).code).toBe(2);
    await rm(folder, { recursive: true });
  });
});

describe('integrate', () => {
  const integrate = (...args: string[]) => runHere(['integrate', ...args], { cwd: ROOT });

  test.each(INTEGRATIONS.map((integration) => [integration.name]))('%s is printed', async (target) => {
    const { code, stdout, stderr } = await integrate(target, '--url', 'https://status.example.com/base/');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('https://status.example.com/base');
    expect(stdout).not.toContain('base//');
  });

  test('takes the address from the configuration when there is one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'integrate-'));
    const config = {
      nats: { creds: '/not/here/monitor.creds' },
      page: { url: 'https://pages.example.com/' },
      components: { infra: { consumers: [{ stream: 'INFRA' }] } },
    };
    await writeFile(join(folder, 'status.yaml'), JSON.stringify(config));
    const { code, stdout } = await runHere(['integrate', 'gatus', '--config', 'status.yaml'], {
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('https://pages.example.com/api/v2/status/infra');
    await rm(folder, { recursive: true });
  });

  test.each([
    [[], 'the target is missing (openstatus, gatus, uptime-kuma, prometheus, kubernetes, github-actions)'],
    [['gatsu', '--url', 'http://a'], 'unknown target "gatsu", did you mean gatus?'],
    [['xyzzy', '--url', 'http://a'], 'unknown target "xyzzy" (there are openstatus, '],
    [['gatus', 'openstatus', '--url', 'http://a'], 'only one target can be printed at a time'],
    [['gatus'], 'option --url is missing'],
    [['gatus', '--url', 'status.example.com'], 'option --url must be an http:// or https:// address'],
    [['gatus', '--url', 'ftp://a'], 'option --url must be an http:// or https:// address'],
    [['gatus', '--url', 'https://me:hunter2@a'], 'option --url must have no user and password'],
    [['gatus', '--url', 'https://a/?b'], 'option --url must have no query and no fragment'],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stdout, stderr } = await runHere(['integrate', ...args], { cwd: ROOT });
    expect({ code, stdout }).toEqual({ code: USAGE, stdout: '' });
    expect(stderr).toContain(`jetstream-status: ${message}`);
    expect(stderr).toMatch(/; see jetstream-status integrate --help\n$/);
    expect(stderr).not.toContain('hunter2');
    expect(stderr.split('\n')).toHaveLength(2);
  });

  test('a configuration that is refused ends it with 2', async () => {
    expect((await integrate('gatus', '--url', 'http://a', '--config', 'none.yaml')).code).toBe(2);
  });
});
