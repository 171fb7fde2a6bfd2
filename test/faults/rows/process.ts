import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { RawClient } from '../../http/raw-http.js';
import { freePort } from '../../support/free-port.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/load.js';
import { startLoad } from '../../support/load.js';
import { paced } from '../../support/pace.js';
import { assertProbes, expectNoChange } from '../expectations.js';
import { pollOf, startPlatform } from '../platform.js';
import type { Row, Scene } from '../row.js';
import { SLACK_MS } from '../row.js';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const INVALID = fileURLToPath(new URL('../../fixtures/config', import.meta.url));
const EXIT_WITHIN_MS = paced(5000);

/** The program with an output of its own choice; nothing listens where it looks for NATS. */
async function launch(
  scene: Scene,
  { stdout, port }: { readonly stdout: 'pipe' | number; readonly port: number },
): Promise<ChildProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-'));
  const file = join(folder, 'config.yaml');
  await writeFile(
    file,
    stringify({
      nats: { url: `nats://127.0.0.1:${String(await freePort())}` },
      poll: pollOf(scene.times),
      http: { host: '127.0.0.1', port },
      admin: { port: 0 },
      components: { infra: { consumers: [{ stream: 'INFRA', consumer: 'provisioner' }] } },
    }),
  );
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', file], {
    stdio: ['ignore', stdout, stdout],
  });
  scene.own({
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  });
  return child;
}

/** What a start may take beyond its bound on a machine that is busy: by what a start of nothing takes there now. */
async function startSlackMs(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'close');
  return SLACK_MS + 8 * (performance.now() - startedAt);
}

/** The same, once it listens. */
async function launchListening(
  scene: Scene,
  stdout: 'pipe' | number = 'pipe',
): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const child = await launch(scene, { stdout, port });
  await eventually(async () => ((await livez(port).catch(() => 0)) === 200 ? true : undefined));
  return { child, port };
}

async function livez(port: number): Promise<number> {
  return (await fetch(`http://127.0.0.1:${String(port)}/livez`)).status;
}

/** What is done to the process itself. */
export const PROCESS_ROWS: readonly Row[] = [
  {
    id: '24',
    fault: 'log on a full disk',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const full = openSync('/dev/full', 'w');
      const { child, port } = await launchListening(scene, full);
      closeSync(full);
      await keepsAnswering(child, port);
    },
  },
  {
    id: '24b',
    fault: 'log reader that leaves',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const { child, port } = await launchListening(scene);
      child.stdout?.destroy();
      child.stderr?.destroy();
      await keepsAnswering(child, port);
    },
  },
  {
    id: '24c',
    fault: 'log reader that stops reading',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const { child, port } = await launchListening(scene);
      // Nobody reads from here on; the problems of a very wrong file fill any pipe.
      const wrong = Array.from({ length: 200 }, (_, i) => `a-key-that-nobody-knows-${String(i)}: 1`);
      await writeFile(child.spawnargs.at(-1) ?? '', wrong.join('\n'));
      for (let i = 0; i < 100; i++) {
        child.kill('SIGHUP');
        await sleep(20);
      }
      await keepsAnswering(child, port);
      let left = 0;
      for await (const chunk of child.stdout ?? []) left += (chunk as Buffer).length;
      assert.ok(left > 100_000, `the pipe was not full: ${String(left)} bytes`);
    },
  },
  {
    id: '25',
    fault: 'SIGTERM during a poll of a hung server',
    isShort: true,
    async play(scene) {
      const { server, service } = await startPlatform(scene);
      server.signal('SIGSTOP');
      await sleep(scene.times.every + scene.times.timeout);
      await assertEndsWell(scene, () => service.stop());
    },
  },
  {
    id: '26',
    fault: 'SIGTERM at 500 requests a second',
    isShort: true,
    async play(scene) {
      const { service, watch } = await startPlatform(scene);
      await watch.stop();
      const answers: Answer[] = [];
      const load = startLoad(service.url, {
        paths: ['/api/v2/status/infra'],
        perSecond: 500,
        onAnswer: (answer) => answers.push(answer),
      });
      await sleep(1500);
      const termAt = performance.now();
      await assertEndsWell(scene, () => service.stop());
      await load.stop();
      const answered = answers.filter(({ code }) => code !== 0);
      assert.ok(answered.length > 100, `only ${String(answered.length)} answers`);
      assert.deepEqual(
        answered.filter(({ code }) => code !== 200),
        [],
      );
      // A request that was on its way before the signal is answered in full.
      const inFlight = answers.filter(({ code, askedAt }) => code === 0 && askedAt < termAt - 20);
      assert.deepEqual(inFlight, []);
    },
  },
  {
    id: '26b',
    fault: '/readyz while stopping, and a second SIGTERM',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const { child, port } = await launchListening(scene);
      // Requests that are half sent keep the process from ending.
      const [slow, waiting] = [new RawClient(port), new RawClient(port)];
      slow.send('GET /livez HTTP/1.1\r\nHost: x\r\n');
      waiting.send('GET /read');
      await sleep(paced(200));
      child.kill('SIGTERM');
      await sleep(paced(300));
      waiting.send('yz HTTP/1.1\r\nHost: x\r\n\r\n');
      const answer = await waiting.answer();
      assert.deepEqual([answer.code, answer.header('connection')], [503, 'close']);
      const again = performance.now();
      child.kill('SIGTERM');
      await once(child, 'exit');
      scene.saw('exit', performance.now() - again);
      assert.ok(performance.now() - again < paced(500), 'a second signal must end it at once');
      slow.destroy();
      waiting.destroy();
    },
  },
  {
    id: '27',
    fault: 'started twice on one port',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const { port } = await launchListening(scene);
      const startedAt = performance.now();
      const second = await launch(scene, { stdout: 'pipe', port });
      let said = '';
      second.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(second, 'close')) as [number];
      scene.saw('exit', performance.now() - startedAt);
      assert.equal(code, 1);
      assert.ok(said.includes(String(port)), said);
      assert.ok(performance.now() - startedAt < paced(1000) + (await startSlackMs()));
      assert.equal(await livez(port), 200);
    },
  },
  {
    id: '28',
    fault: 'bad configuration at the start',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const files = (await readdir(INVALID)).filter((name) => name.endsWith('.yaml'));
      // All of them are checked without a process elsewhere; here it is the process that counts.
      for (const name of ['invalid-everything-at-once.yaml', ...files.slice(0, 4)]) {
        const startedAt = performance.now();
        const child = spawn(process.execPath, [MAIN, 'serve', '--config', join(INVALID, name)]);
        let said = '';
        child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
        const [code] = (await once(child, 'close')) as [number];
        scene.saw('exit', performance.now() - startedAt);
        assert.equal(code, 2, name);
        assert.ok(said.length > 0, name);
        const tookMs = performance.now() - startedAt;
        assert.ok(tookMs < paced(1000) + (await startSlackMs()), `${name}: ${tookMs.toFixed(0)} ms`);
      }
    },
  },
  {
    id: '29',
    fault: 'bad configuration at a reload',
    isShort: true,
    async play(scene) {
      const { service, watch, server } = await startPlatform(scene);
      const since = performance.now();
      const broken = await readFile(join(INVALID, 'invalid-unknown-key.yaml'), 'utf8');
      await service.reload({ nats: { url: server.url }, poll: { every: 'never' }, components: {}, broken });
      await eventually(() => (service.output().includes('"event":"reload_refused"') ? true : undefined), {
        withinMs: scene.times.every + SLACK_MS,
      });
      scene.saw('notice', performance.now() - since);
      await expectNoChange({ watch, component: 'infra', since }, 3 * scene.times.every);
      await service.reload({
        nats: { url: server.url },
        poll: pollOf(scene.times),
        components: {
          infra: { consumers: [{ stream: 'INFRA', consumer: 'provisioner' }] },
          apps: { consumers: [{ stream: 'APPS', consumer: 'deployer' }] },
        },
      });
      await eventually(() => (service.output().includes('"configuration reloaded"') ? true : undefined), {
        withinMs: scene.times.every + SLACK_MS,
      });
      await expectNoChange({ watch, component: 'infra', since }, performance.now() - since + 2000);
      assertProbes(watch);
    },
  },
];

/** Whatever happens to the log, and then ends when told to. */
async function keepsAnswering(child: ChildProcess, port: number): Promise<void> {
  for (let i = 0; i < 30; i++) {
    child.kill('SIGHUP');
    assert.equal(await livez(port), 200);
    await sleep(100);
  }
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(EXIT_WITHIN_MS) });
  child.kill('SIGTERM');
  const [code] = (await ended) as [number];
  assert.equal(code, 0);
}

async function assertEndsWell(scene: Scene, stop: () => Promise<number | null>): Promise<void> {
  const termAt = performance.now();
  assert.equal(await stop(), 0);
  scene.saw('exit', performance.now() - termAt);
  assert.ok(performance.now() - termAt < EXIT_WITHIN_MS);
}
