import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JetStreamManager, NatsConnection } from 'nats';
import { AckPolicy, connect } from 'nats';
import { describeWithNats } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { paced, pacedInterval } from '../support/pace.js';
import type { RunningService, StatusAnswer } from '../support/service.js';
import { startService } from '../support/service.js';
import type { WorkerOptions } from '../support/worker.js';
import { killWorker, startWorker } from '../support/worker.js';

const STYLES = ['consume', 'consume one', 'fetch', 'next', 'push', 'queue'] as const;
const ACK_WAIT_MS = paced(3000);
const EVERY_MS = pacedInterval(1000);
/** The model's: the ack wait and an interval. */
const WINDOW_MS = ACK_WAIT_MS + EVERY_MS;
/** Two readings without a sign of life and one that confirms, and the time to ask. */
const ROUNDS_MS = 3 * EVERY_MS + paced(500);
const BUSY_FOR_MS = paced(20_000);
const MESSAGES = 60;

interface Case extends Pick<WorkerOptions, 'style' | 'workMs' | 'workingMs'> {
  readonly id: string;
}

/** Each style acknowledges well within the ack wait, or takes longer and says that it is at it. */
const CASES: readonly Case[] = STYLES.flatMap((style) => {
  const id = style.replace(' ', '-');
  return [
    { id, style, workMs: paced(1500) },
    { id: `${id}-working`, style, workMs: 2 * ACK_WAIT_MS, workingMs: paced(1000) },
  ];
});

/** What makes a push consumer of it. */
function deliveryOf(style: Case['style'], subject: string): Readonly<Record<string, string>> {
  if (style === 'push') return { deliver_subject: subject };
  return style === 'queue' ? { deliver_subject: subject, deliver_group: 'workers' } : {};
}

describeWithNats('busy workers of any style', (binary) => {
  let server: NatsServer;
  let service: RunningService;
  let nc: NatsConnection;
  let jsm: JetStreamManager;
  const workers = new Map<string, ChildProcess>();
  /** performance.now() of the moment the worker was killed. */
  const killedAt = new Map<string, number>();

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin });
    nc = await connect({ servers: server.url });
    jsm = await nc.jetstreamManager();
    for (const { id, style } of CASES) {
      await jsm.streams.add({ name: id, subjects: [id] });
      await jsm.consumers.add(id, {
        durable_name: 'c',
        ack_policy: AckPolicy.Explicit,
        ack_wait: ACK_WAIT_MS * 1e6,
        ...deliveryOf(style, `deliver.${id}`),
      });
      for (let count = 0; count < MESSAGES; count++) await nc.jetstream().publish(id);
    }
    for (const { id, ...options } of CASES) {
      workers.set(id, await startWorker({ url: server.url, stream: id, consumer: 'c', ...options }));
    }
    service = await startService({
      nats: { url: server.url },
      poll: { every: `${String(EVERY_MS / 1000)}s` },
      components: Object.fromEntries(
        CASES.map(({ id }) => [id, { consumers: [{ stream: id, consumer: 'c' }] }]),
      ),
    });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([...workers.values()].map(killWorker));
    await service.stop('SIGKILL');
    await nc.close();
    await server.stop();
  });

  async function each<T>(ask: (id: string) => Promise<T>): Promise<void> {
    await Promise.all(CASES.map(({ id }) => ask(id)));
  }

  test('stay up for as long as they work', async () => {
    await each((id) => service.until(id, ({ state }) => state === 'fresh'));
    const seen = new Map<string, StatusAnswer>();
    const end = performance.now() + BUSY_FOR_MS;
    while (performance.now() < end) {
      await each(async (id) => {
        const answer = await service.status(id);
        if (answer.status !== 'up') seen.set(id, answer);
      });
      await sleep(100);
    }
    expect(Object.fromEntries(seen)).toEqual({});
    // All were busy to the end.
    await each(async (id) => {
      const { num_pending: pending, num_ack_pending: ackPending } = await jsm.consumers.info(id, 'c');
      expect([id, pending + ackPending > 0]).toEqual([id, true]);
    });
  }, 60_000);

  test('are missed after their window, and not before', async () => {
    for (const [id, worker] of workers) {
      await killWorker(worker);
      killedAt.set(id, performance.now());
    }
    const times: Record<string, number> = {};
    await each(async (id) => {
      await service.until(id, ({ status }) => status === 'down', { withinMs: paced(30_000) });
      times[id] = performance.now() - (killedAt.get(id) ?? 0);
    });
    for (const [id, ms] of Object.entries(times)) {
      const { workMs = 0, workingMs = workMs } = CASES.find((one) => one.id === id) ?? {};
      // Its last sign may be as old as the pause between two signs.
      expect([id, ms > WINDOW_MS - workingMs]).toEqual([id, true]);
      expect([id, ms, ms < WINDOW_MS + ROUNDS_MS + EVERY_MS]).toEqual([id, ms, true]);
    }
  }, 60_000);

  test('are back at once when they come back', async () => {
    const revived = CASES.find(({ id }) => id === 'next');
    if (revived === undefined) throw new Error('no such style');
    const { id, ...options } = revived;
    workers.set(id, await startWorker({ url: server.url, stream: id, consumer: 'c', ...options }));
    await service.until(id, ({ status }) => status === 'up');
    expect((await service.status('consume')).status).toBe('down');
  });

  test('frozen with an open pull count until it expires', async () => {
    await jsm.streams.add({ name: 'frozen', subjects: ['frozen'] });
    await jsm.consumers.add('frozen', { durable_name: 'c', ack_policy: AckPolicy.Explicit });
    const frozen = await startService({
      nats: { url: server.url },
      poll: { every: `${String(EVERY_MS / 1000)}s` },
      components: { frozen: { consumers: [{ stream: 'frozen', consumer: 'c' }] } },
    });
    const worker = await startWorker({
      url: server.url,
      stream: 'frozen',
      consumer: 'c',
      style: 'next',
      workMs: 0,
    });
    try {
      await frozen.until('frozen', ({ status, live_pullers: live }) => status === 'up' && live === 1);
      worker.kill('SIGSTOP');
      await frozen.until('frozen', ({ status, live_pullers: live }) => status === 'down' && live === 0);
      worker.kill('SIGCONT');
      await frozen.until('frozen', ({ status, live_pullers: live }) => status === 'up' && live === 1);
    } finally {
      await killWorker(worker);
      await frozen.stop('SIGKILL');
    }
  }, 40_000);
});
