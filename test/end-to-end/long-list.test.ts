import { afterAll, beforeAll, test } from '@jest/globals';
import type { JetStreamManager, NatsConnection } from 'nats';
import { AckPolicy, connect } from 'nats';
import { describeWithNats } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

/** More than a page of the list holds. */
const CONSUMERS = 300;

describeWithNats('consumers that are read by the list of their stream', (binary) => {
  let server: NatsServer;
  let nc: NatsConnection;
  let jsm: JetStreamManager;
  let service: RunningService | undefined;

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin });
    nc = await connect({ servers: server.url });
    jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'S', subjects: ['s.>'], storage: 'memory' as never });
    const names = Array.from({ length: CONSUMERS }, (_, index) => `c${String(index)}`);
    await Promise.all(
      names.map((name) =>
        jsm.consumers.add('S', {
          durable_name: name,
          filter_subject: `s.${name}`,
          ack_policy: AckPolicy.Explicit,
        }),
      ),
    );
    service = await startService({
      nats: { url: server.url },
      poll: { every: '1s', timeout: '800ms', discover_every: '1h' },
      components: {
        all: {
          consumers: [
            { stream: 'S', consumer: 'c*', expect_pullers: 'when_due' },
            { stream: 'S', consumer: 'c0', expect_pullers: 'when_due' },
          ],
        },
      },
    });
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await nc.close();
    await server.stop();
  });

  test('show every change in the next rounds, wherever in the list it is', async () => {
    if (service === undefined) throw new Error('the service did not start');
    await service.until('all', ({ status, state }) => status === 'up' && state === 'fresh');
    for (const consumer of ['c1', 'c270']) {
      await nc.jetstream().publish(`s.${consumer}`);
      await service.until('all', ({ backlog, oldest_unacked_seconds: age }) => backlog === 1 && age > 0);
      const message = await (await nc.jetstream().consumers.get('S', consumer)).next();
      await service.until('all', (now) => now.backlog === 0 && now.in_flight === 1);
      message?.ack();
      await service.until('all', (now) => now.in_flight === 0 && now.oldest_unacked_seconds === 0);
    }
    // All that follow it move up.
    await jsm.consumers.delete('S', 'c0');
    await service.until('all', ({ detail }) => detail.includes('missing'));
    await nc.jetstream().publish('s.c270');
    await service.until('all', ({ backlog }) => backlog === 1);
  }, 60_000);
});
