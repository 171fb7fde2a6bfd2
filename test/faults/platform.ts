import assert from 'node:assert/strict';
import type { ConnectionOptions } from 'nats';
import { AckPolicy, connect } from 'nats';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosProxy } from '../support/chaos-proxy.js';
import { startChaosProxy } from '../support/chaos-proxy.js';
import { eventually } from '../support/eventually.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { paced } from '../support/pace.js';
import type { RunningService, ServiceOptions } from '../support/service.js';
import { startService } from '../support/service.js';
import type { Scene, Times } from './row.js';
import type { Watch } from './watch.js';
import { startWatch } from './watch.js';
import type { Worker } from './worker.js';
import { startWorker } from './worker.js';

export const INFRA = { stream: 'INFRA', consumer: 'provisioner' };
export const APPS = { stream: 'APPS', consumer: 'deployer' };
const CONSUMERS = [INFRA, APPS];

/** A server, two streams with a consumer and a worker each, and the service that watches them as infra and apps. */
export interface Platform {
  readonly scene: Scene;
  readonly server: NatsServer;
  /** Between the service and the server; only when asked for. */
  readonly proxy: ChaosProxy;
  readonly worker: Worker;
  readonly service: RunningService;
  readonly watch: Watch;
}

export interface PlatformOptions {
  /** Lines of the server's configuration. */
  readonly serverConfig?: string;
  /** The service reaches the server through a chaos proxy. */
  readonly throughProxy?: boolean;
  /** `nats` of the service's configuration, beside the url. */
  readonly login?: object;
  readonly workerLogin?: ConnectionOptions;
  readonly service?: ServiceOptions;
  /** More of the service's configuration. */
  readonly config?: object;
}

export async function startPlatform(scene: Scene, options: PlatformOptions = {}): Promise<Platform> {
  const { serverConfig, throughProxy = false, login = {}, workerLogin = {} } = options;
  const server = scene.own(
    await startNatsServer({
      bin: scene.binary.bin,
      ...(serverConfig !== undefined && { config: serverConfig }),
    }),
  );
  await createConsumers({ servers: server.url, ...workerLogin }, CONSUMERS);
  const worker = scene.own(await startWorker({ servers: server.url, ...workerLogin }, CONSUMERS));
  const proxy = scene.own(await startChaosProxy(server.port));
  const service = await startWatched(
    scene,
    { nats: { url: throughProxy ? proxy.url : server.url, ...login }, ...options.config },
    options.service,
  );
  const watch = scene.own(startWatch(service, ['infra', 'apps']));
  await bothAreUp(watch, paced(15_000));
  if (scene.afterAnother) await anotherFault(server);
  return { scene, server, proxy, worker, service, watch };
}

/** The service under test, or what is put in its place. */
export async function startWatched(
  scene: Scene,
  config: object,
  options: ServiceOptions = {},
): Promise<RunningService> {
  const service = await startService(
    { poll: pollOf(scene.times), components: componentsOf(CONSUMERS), ...config },
    { ...options, ...(scene.program !== undefined && { main: scene.program }) },
  );
  scene.own({
    async stop() {
      const startedAt = performance.now();
      // What a test does not end itself must end well, whatever has happened to it.
      const code = await service.stop();
      scene.saw('exit', performance.now() - startedAt);
      assert.equal(code, 0, `the service ended with ${String(code)}: ${service.output().slice(-500)}`);
      assertFewLines(service.output());
    },
  });
  return service;
}

export function pollOf({ every, timeout, staleAfter, deadAfter, startGrace }: Times): object {
  return {
    every: `${String(every / 1000)}s`,
    timeout: `${String(timeout)}ms`,
    stale_after: `${String(staleAfter / 1000)}s`,
    dead_after: `${String(deadAfter / 1000)}s`,
    start_grace: `${String(startGrace / 1000)}s`,
  };
}

function componentsOf(consumers: readonly { stream: string; consumer: string }[]): object {
  return Object.fromEntries(consumers.map((id) => [id.stream.toLowerCase(), { consumers: [id] }]));
}

export async function createConsumers(
  options: ConnectionOptions,
  consumers: readonly { readonly stream: string; readonly consumer: string }[],
  replicas = 1,
): Promise<void> {
  const nc = await connect(options);
  try {
    // A cluster has a leader before it has the peers to place a group on.
    for (const { stream, consumer } of consumers) {
      let refusal = 'no answer';
      await eventually(
        async () => {
          const jsm = await nc.jetstreamManager({ checkAPI: false });
          const created = jsm.streams
            .add({ name: stream, subjects: [`${stream}.>`], num_replicas: replicas })
            .then(() => createConsumer(nc, { stream, consumer }));
          return await created.then(
            () => true,
            (error: unknown) => {
              refusal = String(error);
              return undefined;
            },
          );
        },
        { withinMs: paced(20_000), everyMs: 200 },
      ).catch((error: unknown) => {
        throw new Error(`${stream} could not be made: ${refusal}`, { cause: error });
      });
    }
  } finally {
    await nc.close();
  }
}

/** With a message, so that something was delivered once. */
export async function createConsumer(
  nc: Worker['connection'],
  { stream, consumer }: { readonly stream: string; readonly consumer: string },
): Promise<void> {
  const jsm = await nc.jetstreamManager({ checkAPI: false });
  await jsm.consumers.add(stream, { durable_name: consumer, ack_policy: AckPolicy.Explicit });
  await nc.jetstream().publish(`${stream}.job`, 'x');
}

export async function bothAreUp(watch: Watch, withinMs: number): Promise<void> {
  const since = performance.now();
  for (const id of ['infra', 'apps']) {
    await watch.until(id, ({ status, state }) => status === 'up' && state === 'fresh', { since, withinMs });
  }
}

/** Too short to be seen, long enough to be met by a round. */
async function anotherFault(server: NatsServer): Promise<void> {
  server.signal('SIGSTOP');
  await sleep(1500);
  server.signal('SIGCONT');
}

/** One line a second per cause (two are seen where a second begins between them), and nothing that nobody caught. */
export function assertFewLines(output: string): void {
  assert.doesNotMatch(output, /unhandled|uncaught|\n\s+at /i);
  const times = new Map<string, number[]>();
  for (const line of output.split('\n').filter((text) => text.startsWith('{'))) {
    const { event = '', component = '', time = 0, msg = '' } = JSON.parse(line) as Record<string, string>;
    const cause = `${event} ${component} ${msg}`;
    times.set(cause, [...(times.get(cause) ?? []), Date.parse(String(time))]);
  }
  for (const [cause, lines] of times) {
    const crowded = lines.filter((at, i) => {
      const secondLast = lines[i - 2] ?? -Infinity;
      return at >= secondLast && at - secondLast < 990;
    });
    assert.deepEqual(crowded, [], `more than two lines within a second: ${cause}`);
  }
}
