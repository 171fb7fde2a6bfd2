import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/free-port.js';
import { startNatsServer } from '../../support/nats-server.js';
import { paced } from '../../support/pace.js';
import { assertProbes, expectLadder, expectNoChange, expectRecovery } from '../expectations.js';
import { APPS, bothAreUp, createConsumers, INFRA, startPlatform, startWatched } from '../platform.js';
import { startLoad } from '../../support/load.js';
import type { Row, Scene } from '../row.js';
import { startWatch } from '../watch.js';
import { startWorker } from '../worker.js';

const HOSTS = new URL('../fixtures/hosts.mjs', import.meta.url).href;
const MEMORY_LIMIT_MB = 64;
const PEER = { interface: 'jsstat-peer', address: '10.213.77.2' };
const OURS = { interface: 'jsstat-ours', address: '10.213.77.1' };
const NAMESPACE = 'jsstat';

/** What becomes of the machine: its network, its names, its memory. */
export const HOST_ROWS: readonly Row[] = [
  {
    id: '5',
    fault: 'half-open TCP (veth pair, the address removed)',
    isShort: false,
    onlyFresh: true,
    obstacle: () =>
      canMakeNetworks() ? undefined : 'needs rights to make network interfaces (CAP_NET_ADMIN, ip)',
    play: playHalfOpen,
  },
  {
    id: '22',
    fault: `${String(MEMORY_LIMIT_MB)} MB of heap under load`,
    isShort: false,
    async play(scene) {
      const { service, watch } = await startPlatform(scene, {
        service: { nodeArgs: [`--max-old-space-size=${String(MEMORY_LIMIT_MB)}`] },
      });
      const codes: number[] = [];
      const load = startLoad(service.url, {
        paths: ['/api/v2/status'],
        perSecond: 500,
        onAnswer: ({ code }) => codes.push(code),
      });
      const since = performance.now();
      await sleep(5000);
      const before = await residentMb(service.pid);
      await sleep(15_000);
      const after = await residentMb(service.pid);
      await load.stop();
      assert.deepEqual(
        codes.filter((code) => code !== 200),
        [],
      );
      assert.ok(after - before < 15, `${String(before)} MB, then ${String(after)} MB`);
      await expectNoChange({ watch, component: 'infra', since }, 0);
      assertProbes(watch);
    },
  },
  {
    id: '23',
    fault: 'the name leads nowhere, then elsewhere',
    isShort: false,
    onlyFresh: true,
    async play(scene) {
      const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
      const hosts = join(folder, 'hosts.json');
      scene.own({ stop: () => rm(folder, { recursive: true, force: true }) });
      await writeFile(hosts, JSON.stringify({ 'nats.test': '127.0.0.1' }));
      const server = scene.own(await startNatsServer({ bin: scene.binary.bin }));
      await createConsumers({ servers: server.url }, [INFRA, APPS]);
      scene.own(await startWorker({ servers: server.url }, [INFRA, APPS]));
      const service = await startWatched(
        scene,
        { nats: { url: `nats://nats.test:${String(server.port)}` } },
        { nodeArgs: ['--import', HOSTS], env: { FAULT_HOSTS: hosts } },
      );
      const watch = scene.own(startWatch(service, ['infra', 'apps']));
      await bothAreUp(watch, paced(15_000));
      await writeFile(hosts, '{}');
      const since = performance.now();
      await server.kill();
      await server.restart();
      await expectLadder({ scene, watch, component: 'infra', since });
      await writeFile(hosts, JSON.stringify({ 'nats.test': '127.0.0.1' }));
      const healed = performance.now();
      await expectRecovery({ scene, watch, component: 'infra', since: healed }, 2000 + 2 * scene.times.every);
      assertProbes(watch);
    },
  },
];

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'ignore' });
}

function canMakeNetworks(): boolean {
  try {
    ip('link', 'add', OURS.interface, 'type', 'veth', 'peer', 'name', PEER.interface);
    ip('link', 'delete', OURS.interface);
    ip('netns', 'add', NAMESPACE);
    ip('netns', 'delete', NAMESPACE);
    return true;
  } catch {
    return false;
  }
}

/** The server in a network of its own, whose address goes away without a word to anybody. */
async function playHalfOpen(scene: Scene): Promise<void> {
  const inside = (...args: readonly string[]): void => {
    ip('-n', NAMESPACE, ...args);
  };
  ip('netns', 'add', NAMESPACE);
  scene.own({
    stop() {
      ip('netns', 'delete', NAMESPACE);
      return Promise.resolve();
    },
  });
  ip('link', 'add', OURS.interface, 'type', 'veth', 'peer', 'name', PEER.interface, 'netns', NAMESPACE);
  ip('address', 'add', `${OURS.address}/30`, 'dev', OURS.interface);
  ip('link', 'set', OURS.interface, 'up');
  inside('address', 'add', `${PEER.address}/30`, 'dev', PEER.interface);
  inside('link', 'set', PEER.interface, 'up');
  const hardware = /link\/ether (\S+)/.exec(
    execFileSync('ip', ['-n', NAMESPACE, 'link', 'show', PEER.interface], { encoding: 'utf8' }),
  )?.[1];
  // Without it the kernel would notice by itself that nobody has the address.
  ip(
    'neighbour',
    'replace',
    PEER.address,
    'lladdr',
    hardware ?? '',
    'dev',
    OURS.interface,
    'nud',
    'permanent',
  );

  const folder = await mkdtemp(join(tmpdir(), 'nats-server-'));
  const port = await freePort();
  const server = spawn(
    'ip',
    [
      ...['netns', 'exec', NAMESPACE, scene.binary.bin],
      ...['-a', PEER.address, '-p', String(port), '-js', '-sd', folder],
    ],
    { stdio: 'ignore' },
  );
  scene.own({
    async stop() {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  });
  await sleep(1500);
  const url = `nats://${PEER.address}:${String(port)}`;
  await createConsumers({ servers: url }, [INFRA, APPS]);
  scene.own(await startWorker({ servers: url, pingInterval: 500, timeout: 1000 }, [INFRA, APPS]));
  const service = await startWatched(scene, { nats: { url } });
  const watch = scene.own(startWatch(service, ['infra', 'apps']));
  await bothAreUp(watch, paced(15_000));

  const since = performance.now();
  inside('address', 'delete', `${PEER.address}/30`, 'dev', PEER.interface);
  await expectLadder({ scene, watch, component: 'infra', since });
  inside('address', 'add', `${PEER.address}/30`, 'dev', PEER.interface);
  const healed = performance.now();
  await expectRecovery({ scene, watch, component: 'infra', since: healed }, 2000 + 2 * scene.times.every);
  assertProbes(watch);
}
