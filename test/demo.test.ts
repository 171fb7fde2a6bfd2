import { expect, test } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './support/eventually.js';
import { describeWithNats } from './support/nats-binaries.js';
import { paced } from './support/pace.js';

const DEMO = fileURLToPath(new URL('../scripts/demo.mjs', import.meta.url));

interface Demo {
  readonly process: ChildProcess;
  output(): string;
  /** The addresses of the three curl commands it prints. */
  urls(): Promise<readonly string[]>;
}

describeWithNats('npm run demo', (binary) => {
  function startDemo(...args: readonly string[]): Demo {
    const child = spawn(process.execPath, [DEMO, '--port', '0', ...args], {
      // Another place than the checkout, as a caller may have it.
      cwd: '/',
      env: { ...process.env, NATS_SERVER_BIN: binary.bin },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    }
    const output = (): string => chunks.join('');
    return {
      process: child,
      output,
      urls: () =>
        eventually(
          () => {
            const urls = [...output().matchAll(/^ {2}curl (\S+)$/gm)].map(([, url = '']) => url);
            return urls.length === 3 ? urls : undefined;
          },
          { withinMs: paced(30_000) },
        ),
    };
  }

  test('walks through up, degraded, down and up again', async () => {
    const demo = startDemo('--once', '--pace', '2');
    const [code] = (await once(demo.process, 'exit')) as [number];
    expect([code, code === 0 ? '' : demo.output()]).toEqual([0, '']);
    expect(demo.output()).toContain('Seen: up, degraded, down and up again.');
  }, 120_000);

  test('answers with live figures, and leaves nothing behind when it is interrupted', async () => {
    const demo = startDemo();
    const urls = await demo.urls();
    expect(urls.map((url) => new URL(url).pathname)).toEqual(
      ['infra', 'apps', 'datastores'].map((id) => `/api/v2/status/${id}`),
    );
    for (const url of urls) {
      await eventually(
        async () => {
          const health = (await (await fetch(url)).json()) as { status: string; live_pullers: number };
          return health.status === 'up' && health.live_pullers > 0 ? true : undefined;
        },
        { withinMs: paced(15_000) },
      );
    }
    const children = childrenOf(demo.process.pid ?? 0);
    // A nats-server, the service, and for each component a publisher and two workers.
    expect(children).toHaveLength(2 + 3 * 3);
    demo.process.kill('SIGINT');
    const [code] = (await once(demo.process, 'exit')) as [number];
    expect(code).toBe(0);
    await eventually(() => (children.some(isAlive) ? undefined : true));
  }, 60_000);
});

function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pid && child !== undefined ? [child] : [];
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
