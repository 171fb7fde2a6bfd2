import { afterEach, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { AckPolicy, connect, createInbox } from 'nats';
import { eventually } from '../support/eventually.js';
import { describeWithNats } from '../support/nats-binaries.js';
import type { NatsCluster } from '../support/nats-cluster.js';
import { startNatsCluster } from '../support/nats-cluster.js';
import type { NatsServer, NatsServerOptions } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { paced, pacedInterval } from '../support/pace.js';
import type { RunningService, ServiceOptions, StatusAnswer } from '../support/service.js';
import { startService } from '../support/service.js';
import { killWorker, startWorker } from '../support/worker.js';

const CLOCK = fileURLToPath(new URL('../support/control-process.mjs', import.meta.url));
const COMPONENTS = { work: { consumers: [{ stream: 'WORK', consumer: 'worker' }] } };
/** Short, so that the steps of the age ladder come soon. */
const POLL = {
  every: secondsOf(pacedInterval(1000)),
  stale_after: secondsOf(paced(4000)),
  dead_after: secondsOf(paced(8000)),
  start_grace: secondsOf(paced(3000)),
};

const isUp = ({ status, state }: StatusAnswer): boolean => status === 'up' && state === 'fresh';
const isDegradedByAge = ({ status, detail }: StatusAnswer): boolean =>
  status === 'degraded' && /^figures are \d+ seconds old/.test(detail);
const isDownByAge = ({ status, detail }: StatusAnswer): boolean =>
  status === 'down' && /^status unknown: no fresh figures for \d+ seconds$/.test(detail);

describeWithNats('interruptions', (binary) => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function serverWith(options: Partial<NatsServerOptions> = {}): Promise<NatsServer> {
    const server = await startNatsServer({ bin: binary.bin, ...options });
    cleanUps.push(() => server.stop());
    return server;
  }

  async function clientOf(
    servers: string,
    login: { readonly user?: string; readonly pass?: string } = {},
  ): Promise<NatsConnection> {
    const nc = await connect({ servers: servers.split(','), maxReconnectAttempts: -1, ...login });
    cleanUps.push(() => nc.close());
    return nc;
  }

  async function addConsumer(nc: NatsConnection, { replicas = 1, name = 'worker' } = {}): Promise<void> {
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'WORK', subjects: ['work.>'], num_replicas: replicas });
    await jsm.consumers.add('WORK', { durable_name: name, ack_policy: AckPolicy.Explicit });
  }

  /** A pull request that the server holds until it restarts. */
  function pull(nc: NatsConnection, name = 'worker'): void {
    const inbox = createInbox();
    nc.subscribe(inbox);
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.WORK.${name}`, '{"batch":1,"expires":600000000000}', {
      reply: inbox,
    });
  }

  async function serviceFor(config: object, options?: ServiceOptions): Promise<RunningService> {
    const service = await startService({ poll: POLL, components: COMPONENTS, ...config }, options);
    cleanUps.push(() => service.stop('SIGKILL'));
    return service;
  }

  async function workerOn(url: string): Promise<void> {
    const worker = await startWorker({
      url,
      stream: 'WORK',
      consumer: 'worker',
      style: 'consume',
      workMs: 200,
    });
    cleanUps.push(() => killWorker(worker));
  }

  /** All statuses that are seen until it is called off. */
  function watch(service: RunningService): () => Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        seen.add((await service.status('work')).status);
        await sleep(50);
      }
    })();
    return async () => {
      over.abort();
      await watching;
      return seen;
    };
  }

  test.each([3_600_000, -3_600_000])('our wall clock is wrong by %d ms', async (shift) => {
    const server = await serverWith();
    const nc = await clientOf(server.url);
    await addConsumer(nc);
    await nc.jetstream().publish('work.a');
    const publishedAt = performance.now();
    const service = await serviceFor(
      { nats: { url: server.url } },
      { nodeArgs: ['--import', CLOCK], env: { CLOCK_OFFSET_MS: String(shift) } },
    );
    await service.until('work', ({ backlog }) => backlog === 1);
    await sleep(paced(2000));
    const { oldest_unacked_seconds: oldest } = await service.status('work');
    const age = (performance.now() - publishedAt) / 1000;
    const tellsItsTime = !binary.version.startsWith('2.9.');
    if (tellsItsTime) expect(Math.abs(oldest - age)).toBeLessThan(paced(2.5));
    else expect(oldest).toBeGreaterThanOrEqual(0);
    const response = await fetch(`${service.url}/api/v2/status/work`);
    expect(
      Math.abs(Date.parse(response.headers.get('x-snapshot-time') ?? '') - Date.now() - shift),
    ).toBeLessThan(paced(5000));
    expect(Number(response.headers.get('x-snapshot-age'))).toBeLessThan(paced(2));
  });

  test('the server is killed and comes back after 30 s', async () => {
    const server = await serverWith();
    await addConsumer(await clientOf(server.url));
    await workerOn(server.url);
    const service = await serviceFor({ nats: { url: server.url } });
    await service.until('work', isUp);
    await server.kill('SIGKILL');
    const killedAt = performance.now();
    await service.until('work', isDegradedByAge, { withinMs: paced(7000) });
    await service.until('work', isDownByAge, { withinMs: paced(7000) });
    // Never up without a server.
    while (performance.now() - killedAt < paced(30_000)) {
      expect((await service.status('work')).status).toBe('down');
      await sleep(250);
    }
    await server.restart();
    await service.until('work', isUp, { withinMs: paced(10_000) });
  }, 70_000);

  test('there is no server at the start', async () => {
    const server = await serverWith();
    await addConsumer(await clientOf(server.url));
    await server.kill();
    const service = await serviceFor({ nats: { url: server.url } });
    expect(await service.status('work')).toMatchObject({
      status: 'degraded',
      detail: 'status not yet known',
      live_pullers: 0,
      state: 'none',
      age: NaN,
    });
    await service.until(
      'work',
      ({ status, detail }) => status === 'down' && detail === 'status unknown: no figures yet',
    );
    await server.restart();
    await workerOn(server.url);
    await service.until('work', isUp);
  }, 40_000);

  test('the server stops in its tracks, and goes on', async () => {
    const server = await serverWith();
    await addConsumer(await clientOf(server.url));
    await workerOn(server.url);
    const service = await serviceFor({ nats: { url: server.url } });
    await service.until('work', isUp);
    server.signal('SIGSTOP');
    await service.until('work', isDegradedByAge);
    await service.until('work', isDownByAge);
    // Rounds do not pile up meanwhile: when it goes on, it is asked once.
    server.signal('SIGCONT');
    await service.until('work', isUp);
    const { connection } = (await service.debug()) as { connection: { connected: boolean } };
    expect(connection.connected).toBe(true);
  }, 40_000);

  test('rights that are missing', async () => {
    const info = '$JS.API.CONSUMER.INFO.WORK.worker';
    const get = '$JS.API.STREAM.MSG.GET.WORK';
    const user = (name: string, publish: readonly string[]): string =>
      `{ user: ${name}, password: p, permissions: { publish: ${JSON.stringify(publish)}, subscribe: ["_INBOX_${name}.>"] } }`;
    const server = await serverWith({
      config: `accounts { A { jetstream: enabled, users: [ { user: owner, password: p },
        ${user('minimal', [info, get])}, ${user('blind', [info])} ] } }`,
    });
    const owner = await clientOf(server.url, { user: 'owner', pass: 'p' });
    await addConsumer(owner);
    await addConsumer(owner, { name: 'other' });
    pull(owner, 'worker');
    await owner.jetstream().publish('work.a');
    await owner.jetstream().publish('work.a');
    const nats = (name: string): object => ({
      nats: { url: server.url, user: name, password: 'p', inbox_prefix: `_INBOX_${name}` },
    });

    const minimal = await serviceFor({
      ...nats('minimal'),
      components: { ...COMPONENTS, other: { consumers: [{ stream: 'WORK', consumer: 'other' }] } },
    });
    await minimal.until(
      'work',
      ({ backlog, in_flight: inFlight, state, oldest_unacked_seconds: oldest, detail }) =>
        backlog === 1 && inFlight === 1 && state === 'fresh' && oldest >= 1 && !detail.includes('unknown'),
    );
    // Only the component of the consumer that nobody may ask about suffers.
    await minimal.until('other', ({ detail }) => detail === 'status unknown: no figures yet');
    expect((await minimal.status('work')).state).toBe('fresh');

    const blind = await serviceFor(nats('blind'));
    await blind.until(
      'work',
      ({ backlog, in_flight: inFlight, oldest_unacked_seconds: oldest, detail }) =>
        backlog === 1 && inFlight === 1 && oldest === 0 && detail.includes('oldest unacked age unknown'),
    );
  }, 40_000);

  test.each([
    // What has been delivered tells a restart, which takes its time away, from workers that left.
    { messages: 1, everyMs: 1000 },
    // Nothing does here, but two rounds without the worker: its client dials again after two seconds.
    { messages: 0, everyMs: 4000 },
  ])(
    'the server restarts under a worker that had $messages messages',
    async ({ messages, everyMs }) => {
      const server = await serverWith();
      const nc = await clientOf(server.url);
      await addConsumer(nc);
      await workerOn(server.url);
      if (messages > 0) await nc.jetstream().publish('work.a');
      const jsm = await nc.jetstreamManager();
      await eventually(async () =>
        (await jsm.consumers.info('WORK', 'worker')).ack_floor.consumer_seq === messages ? true : undefined,
      );
      // A restart is shorter than the figures may be old.
      const service = await serviceFor({
        nats: { url: server.url },
        poll: { every: secondsOf(pacedInterval(everyMs)) },
      });
      await service.until('work', isUp);
      const seen = watch(service);
      const { connects } = await connectionOf(service);
      await server.restart();
      await eventually(async () => ((await connectionOf(service)).connects > connects ? true : undefined));
      await service.until('work', ({ live_pullers: live }) => live > 0);
      await service.until('work', ({ live_pullers: live, age }) => live > 0 && age < paced(0.5));
      expect([...(await seen())]).toEqual(['up']);
    },
    40_000,
  );

  test('the leader of a replicated consumer is killed', async () => {
    const cluster = await startNatsCluster(binary.bin);
    cleanUps.push(() => cluster.stop());
    const nc = await clientOf(cluster.url);
    await addConsumer(nc, { replicas: 3 });
    await nc.jetstream().publish('work.a');
    await workerOn(cluster.url);
    const service = await serviceFor({ nats: { url: cluster.url }, poll: { every: POLL.every } });
    await service.until('work', ({ status, live_pullers: live }) => status === 'up' && live > 0);
    const seen = watch(service);
    const leader = await cluster.consumerLeader('WORK', 'worker');
    await cluster.member(leader).kill('SIGKILL');
    const killedAt = performance.now();
    await otherLeader(cluster, leader);
    await service.until('work', ({ age }) => age < (performance.now() - killedAt) / 1000 - paced(1), {
      withinMs: paced(20_000),
    });
    // The stream may still be without a leader.
    await eventually(async () =>
      nc
        .jetstream()
        .publish('work.a')
        .catch(() => undefined),
    );
    // The worker may not pull again before its client misses the leader's heartbeats, 44 s later.
    await service.until(
      'work',
      ({ live_pullers: live, backlog, age }) => live > 0 && backlog === 0 && age < paced(2),
      {
        withinMs: paced(60_000),
      },
    );
    expect([...(await seen())]).toEqual(['up']);
  }, 150_000);
});

async function otherLeader(cluster: NatsCluster, killed: string): Promise<void> {
  await eventually(
    async () => ((await cluster.consumerLeader('WORK', 'worker')) === killed ? undefined : true),
    { withinMs: paced(20_000), everyMs: 200 },
  );
}

async function connectionOf(service: RunningService): Promise<{ readonly connects: number }> {
  return ((await service.debug()) as { connection: { connects: number } }).connection;
}

function secondsOf(ms: number): string {
  return `${String(ms / 1000)}s`;
}
