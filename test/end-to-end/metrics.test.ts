import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { AckPolicy, connect } from 'nats';
import { eventually } from '../support/eventually.js';
import { testWith } from '../support/find-program.js';
import { describeWithNats } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

const USERS = `authorization { users: [ { user: right, password: right } ] }`;

function configOf(url: string, password: string): object {
  return {
    nats: { url, user: 'right', password },
    poll: { every: '1s' },
    components: { infra: { consumers: [{ stream: 'INFRA', consumer: 'provisioner' }] } },
  };
}

describeWithNats('/metrics', ({ bin }) => {
  let nats: NatsServer;
  let service: RunningService;

  beforeEach(async () => {
    nats = await startNatsServer({ bin, config: USERS });
    const nc = await connect({ servers: nats.url, user: 'right', pass: 'right' });
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'INFRA', subjects: ['infra.>'] });
    await jsm.consumers.add('INFRA', { durable_name: 'provisioner', ack_policy: AckPolicy.Explicit });
    await nc.jetstream().publish('infra.a');
    await nc.jetstream().publish('infra.b');
    await nc.close();
    service = await startService(configOf(nats.url, 'right'));
  });

  afterEach(async () => {
    await service.stop();
    await nats.stop();
  });

  async function scrape(): Promise<string> {
    return (await fetch(`${service.adminUrl}/metrics`)).text();
  }

  async function valueOf(series: string): Promise<number> {
    const line = (await scrape())
      .split('\n')
      .find((candidate) => candidate.startsWith(`jetstream_status_${series} `));
    return line === undefined ? NaN : Number(line.split(' ').at(-1));
  }

  /** Waits until a series has at least this value. */
  function until(series: string, least: number): Promise<number> {
    return eventually(async () => {
      const value = await valueOf(series);
      return value >= least ? value : undefined;
    });
  }

  test('shows what was read, how it was read, and goes on counting across a reload', async () => {
    await until('poll_rounds_total{result="complete"}', 2);
    expect(await valueOf('backlog{component="infra"}')).toBe(2);
    expect(await valueOf('consumer_pending{component="infra",stream="INFRA",consumer="provisioner"}')).toBe(
      2,
    );
    expect(await valueOf('nats_connected')).toBe(1);
    expect(await valueOf('snapshot_age_seconds{component="infra"}')).toBeLessThan(3);
    expect(await valueOf('nats_requests_total{kind="consumer_info",result="ok"}')).toBeGreaterThanOrEqual(2);
    expect(await valueOf('poll_duration_seconds_count')).toBeGreaterThanOrEqual(2);

    await service.reload({ ...configOf(nats.url, 'right'), page: { title: 'Another' } });
    await eventually(() => (service.output().includes('configuration reloaded') ? true : undefined));
    expect(await valueOf('poll_rounds_total{result="complete"}')).toBeGreaterThanOrEqual(2);
    await until(
      'poll_rounds_total{result="complete"}',
      (await valueOf('poll_rounds_total{result="complete"}')) + 1,
    );
  });

  test('tells why nothing can be read', async () => {
    await service.stop();
    service = await startService(configOf(nats.url, 'canary'));
    await until('nats_requests_total{kind="consumer_info",result="auth"}', 1);
    await until('poll_rounds_total{result="partial"}', 1);
    expect(await valueOf('nats_connected')).toBe(0);
    expect(await scrape()).not.toContain('canary');
  });

  testWith('promtool', 'passes the checks of Prometheus', async (promtool) => {
    await until('poll_rounds_total{result="complete"}', 1);
    const check = spawn(promtool, ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    for (const output of [check.stdout, check.stderr]) output.on('data', (chunk) => (said += String(chunk)));
    check.stdin.end(await scrape());
    const [code] = (await once(check, 'exit')) as [number];
    // The counters of the process itself are named by prom-client.
    expect(said.split('\n').filter((line) => line.startsWith('jetstream_status'))).toEqual([]);
    expect([0, 3]).toContain(code);
  });
});
