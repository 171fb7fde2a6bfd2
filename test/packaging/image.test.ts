import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
/** One instruction a line. */
const INSTRUCTIONS = DOCKERFILE.replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n');

let folder: string;
let service: ChildProcess;
let port: string;

/** The last stage as a folder, and its command running in it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-'));
  for (const path of ['dist', 'config', 'package.json', 'LICENSE']) {
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  }
  const [program = '', ...args] = JSON.parse(instruction('CMD')) as string[];
  const variables = instruction('ENV').split(' ');
  const env = Object.fromEntries(variables.map((variable) => variable.split('=', 2))) as NodeJS.ProcessEnv;
  const ports = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' };
  service = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env, ...ports, NATS_URL: 'nats://127.0.0.1:1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(service.stdout ?? service, 'data')) as [Buffer];
  port = new URL((JSON.parse(String(line).split('\n')[0] ?? '') as { url: string }).url).port;
});

afterAll(async () => {
  const ended = once(service, 'exit');
  service.kill();
  await ended;
  await rm(folder, { recursive: true });
});

function instruction(name: string): string {
  const found = INSTRUCTIONS.findLast((line) => line.startsWith(`${name} `));
  return found?.slice(name.length + 1) ?? '';
}

test('every file that is copied in exists and is let through', () => {
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const sources = INSTRUCTIONS.filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .flatMap((line) => line.split(/\s+/).slice(1, -1))
    .map((path) => path.replace('./', ''));
  expect(sources.length).toBeGreaterThan(5);
  for (const path of sources) {
    expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    expect(allowed).toContain(`!${path}`);
  }
});

test('runs as a number that is not root', () => {
  expect(Number(instruction('USER'))).toBeGreaterThan(0);
});

test('the last stage serves without NATS, and its health check says so', async () => {
  const command = JSON.parse(/CMD (\[.*\])/.exec(instruction('HEALTHCHECK'))?.[1] ?? '[]') as string[];
  const [program = '', ...args] = command;
  await expect(run(program, args, { env: { ...process.env, PORT: port } })).resolves.toBeDefined();
  await expect(run(program, args, { env: { ...process.env, PORT: '1' } })).rejects.toMatchObject({ code: 1 });
});

test('tells the licenses of the packages that the built program contains', () => {
  const told = `\n${readFileSync(join(folder, 'dist/third-party-licenses.txt'), 'utf8')}`;
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(dependencies))
    expect(told).toContain(`\n${name} ${version} (`);
  const withoutText = told.split(/^-{80}$/m).filter((entry) => entry.trim().split('\n').length < 4);
  // Named, so that no other one goes unnoticed.
  expect(withoutText.map((entry) => entry.trim().split(' ')[0])).toEqual(['koa-compose']);
});

test('compose starts the service after the server it asks', () => {
  const file = readFileSync(join(ROOT, 'config/examples/compose.yaml'), 'utf8');
  const { services } = parse(file) as {
    services: {
      nats: object;
      status: { environment: Record<string, string>; ports: string[]; depends_on: object };
    };
  };
  expect(services.status.environment.NATS_URL).toBe('nats://nats:4222');
  expect(services.status.ports).toEqual(['8080:8080']);
  expect(services.status.depends_on).toEqual({ nats: { condition: 'service_healthy' } });
});

test('the npm package holds the program and its configuration, and no tests', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
  const [{ files = [] } = {}] = JSON.parse(stdout) as { files?: { path: string }[] }[];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['dist/main.js', 'config/default.yaml', 'README.md', 'LICENSE']),
  );
  expect(paths.filter((path) => /^(test|scripts|src)\//.test(path))).toEqual([]);
});
