// Asks real servers about consumers in all kinds of states and keeps what they answer:
// NATS_SERVER_BINS="2.9.10=/path ..." node --import ./scripts/typescript.mjs test/fuzz/capture-consumer-info.ts
import type { ConsumerConfig, NatsConnection } from 'nats';
import { AckPolicy, connect, DeliverPolicy, Empty } from 'nats';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startNatsCluster } from '../support/nats-cluster.js';
import type { NatsBinary } from '../support/nats-binary.js';
import { isAtLeast, natsBinaries } from '../support/nats-binary.js';
import { startNatsServer } from '../support/nats-server.js';

const FOLDER = fileURLToPath(new URL('../fixtures/consumer-info/', import.meta.url));
const STREAM = 'JOBS';
const SECOND = 1e9;

interface Situation {
  readonly config?: Partial<ConsumerConfig> | object;
  /** First server version that knows it. */
  readonly since?: string;
  readonly act?: (nc: NatsConnection, consumer: string) => Promise<unknown>;
}

const pull = (batch: number) => async (nc: NatsConnection, consumer: string) => {
  const messages = await (
    await nc.jetstream().consumers.get(STREAM, consumer)
  ).fetch({ max_messages: batch, expires: 1000 });
  for await (const message of messages) if (message.seq % 2 === 0) message.ack();
};
const openPull = (nc: NatsConnection, consumer: string): Promise<void> => {
  nc.subscribe('open.pull');
  nc.publish(
    `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${consumer}`,
    JSON.stringify({ batch: 1000, expires: 30 * SECOND }),
    { reply: 'open.pull' },
  );
  return nc.flush();
};

function deliverTo(subject: string): object {
  return { deliver_subject: subject };
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  idle: { config: { filter_subject: 'jobs.none' } },
  pending: {},
  pulling: { act: openPull, config: { filter_subject: 'jobs.none' } },
  'in-flight': { act: pull(5) },
  redelivered: {
    config: { ack_wait: 0.2 * SECOND },
    async act(nc, consumer) {
      await pull(3)(nc, consumer);
      await sleep(300);
      await pull(3)(nc, consumer);
    },
  },
  'given-up': {
    config: { ack_wait: 0.2 * SECOND, max_deliver: 1 },
    async act(nc, consumer) {
      await pull(2)(nc, consumer);
      await sleep(500);
    },
  },
  'push-unbound': { config: deliverTo('push.unbound') },
  'push-bound': {
    config: { ...deliverTo('push.bound'), flow_control: true, idle_heartbeat: SECOND },
    act: (nc) => {
      nc.subscribe('push.bound');
      return nc.flush();
    },
  },
  'ack-none': { config: { ack_policy: AckPolicy.None }, act: pull(3) },
  'ack-all': { config: { ack_policy: AckPolicy.All }, act: pull(3) },
  backoff: { config: { backoff: [SECOND, 5 * SECOND, 60 * SECOND], max_deliver: 5 }, act: pull(2) },
  unlimited: { config: { max_ack_pending: -1 } },
  'from-sequence': { config: { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: 5 } },
  'from-time': {
    config: { deliver_policy: DeliverPolicy.StartTime, opt_start_time: '2020-01-01T00:00:00.5Z' },
  },
  filters: { since: '2.10', config: { filter_subjects: ['jobs.a', 'jobs.b'] } },
  metadata: { since: '2.10', config: { metadata: { 'jetstream-status.component': 'infra' } } },
  paused: { since: '2.11', config: { pause_until: '2999-01-01T00:00:00Z' } },
  priority: { since: '2.11', config: { priority_policy: 'overflow', priority_groups: ['a'] } },
};

async function capture(binary: NatsBinary, servers: readonly string[], replicas: number): Promise<number> {
  const nc = await connect({ servers: [...servers] });
  const jsm = await nc.jetstreamManager({ checkAPI: false });
  await jsm.streams.add({ name: STREAM, subjects: ['jobs.>'], num_replicas: replicas });
  for (let i = 0; i < 20; i++) await nc.jetstream().publish(i % 2 === 0 ? 'jobs.a' : 'jobs.b', 'x');
  let kept = 0;
  for (const [name, { config = {}, since = '2.0', act }] of Object.entries(SITUATIONS)) {
    if (!isAtLeast(binary, since)) continue;
    const consumer = `${name}-worker`;
    await jsm.consumers.add(STREAM, { durable_name: consumer, ack_policy: AckPolicy.Explicit, ...config });
    await act?.(nc, consumer);
    const answer = await nc.request(`$JS.API.CONSUMER.INFO.${STREAM}.${consumer}`, Empty, { timeout: 2000 });
    const text = JSON.stringify(JSON.parse(answer.string()), undefined, 2);
    const group = replicas > 1 ? 'replicated-' : '';
    await writeFile(`${FOLDER}${binary.version}-${group}${name}.json`, `${text}\n`);
    kept += 1;
  }
  await nc.close();
  return kept;
}

await mkdir(FOLDER, { recursive: true });
for (const binary of natsBinaries()) {
  const server = await startNatsServer({ bin: binary.bin });
  const single = await capture(binary, [server.url], 1);
  await server.stop();
  const cluster = await startNatsCluster(binary.bin);
  // The members are known a moment after the leader.
  await sleep(3000);
  const replicated = await capture(binary, cluster.urls, 3);
  await cluster.stop();
  process.stdout.write(`${binary.version}: ${String(single + replicated)} answers\n`);
}
