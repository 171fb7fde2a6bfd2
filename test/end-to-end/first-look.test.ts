import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'nats';
import type { NatsConnection } from 'nats';
import { describeWithNats } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

describeWithNats('a service in front of a server', ({ bin }) => {
  let server: NatsServer;
  let service: RunningService;
  let nc: NatsConnection;

  beforeAll(async () => {
    server = await startNatsServer({ bin });
    nc = await connect({ servers: server.url });
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'S', subjects: ['s.>'] });
    await jsm.consumers.add('S', { durable_name: 'c' });
    service = await startService({
      nats: { url: server.url },
      poll: { every: '1s' },
      components: { infra: { consumers: [{ stream: 'S', consumer: 'c' }] } },
    });
  });

  afterAll(async () => {
    await service.stop();
    await nc.close();
    await server.stop();
  });

  test('serves what the server says, and stops when it is told to', async () => {
    await nc.jetstream().publish('s.a');
    const answer = await service.until('infra', ({ backlog }) => backlog === 1);
    expect(answer).toMatchObject({ code: 200, live_pullers: 0, in_flight: 0, state: 'fresh' });
    await server.kill('SIGKILL');
    await service.until('infra', ({ state }) => state === 'stale', { withinMs: 20_000 });
    await server.restart();
    await service.until('infra', ({ state }) => state === 'fresh', { withinMs: 10_000 });
    expect(await service.stop()).toBe(0);
  }, 40_000);
});
