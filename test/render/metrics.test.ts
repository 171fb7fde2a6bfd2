import { describe, expect, test } from '@jest/globals';
import { createMetrics, METRICS } from '../../src/render/metrics.js';
import type { MeasuredComponent, MetricsSource } from '../../src/render/metrics.js';
import type { MeasuredConsumer } from '../../src/render/consumer-metrics.js';
import { aHealth } from '../http/public-setup.js';
import { aReading } from '../support/a-reading.js';

const NOTHING: MetricsSource = { components: [], consumers: [], isConnected: false };
const INFRA: MeasuredComponent = { id: 'infra', health: aHealth('degraded'), snapshotAge: 1.25 };
const PROVISIONER: MeasuredConsumer = {
  componentId: 'infra',
  id: { stream: 'INFRA', consumer: 'provisioner' },
  reading: aReading({ pending: 1, ackPending: 2, waitingPulls: 3, redelivered: 4, oldestUnackedSeconds: 5 }),
};

/** The lines of our own with values, without those of the process. */
function ownLines(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('jetstream_status_'));
}

test('every name is in the answer, with its help and type', async () => {
  const text = await createMetrics().render(NOTHING);
  const names = [
    ...['component_status', 'live_pullers', 'backlog', 'in_flight', 'oldest_unacked_seconds'],
    ...['snapshot_age_seconds', 'poll_duration_seconds', 'poll_rounds_total', 'nats_requests_total'],
    ...['pending', 'ack_pending', 'waiting', 'redelivered', 'oldest_unacked_seconds'].map(
      (name) => `consumer_${name}`,
    ),
    'nats_connected',
  ].map((name) => `jetstream_status_${name}`);
  expect(METRICS.map(({ name }) => name).sort()).toEqual(names.sort());
  for (const name of names) expect(text).toMatch(new RegExp(`# HELP ${name} \\S.*\n# TYPE ${name} \\w+\n`));
  expect(text).toContain('\nprocess_cpu_seconds_total ');
  expect(text).toContain('\nnodejs_eventloop_lag_p99_seconds ');
});

test('components and consumers are measured with their labels', async () => {
  const text = await createMetrics().render({
    components: [INFRA],
    consumers: [PROVISIONER],
    isConnected: true,
  });
  const consumer = '{component="infra",stream="INFRA",consumer="provisioner"}';
  const values = ownLines(text).filter((line) => !line.includes('_poll_'));
  expect(values.sort()).toEqual(
    [
      'jetstream_status_component_status{component="infra",status="up"} 0',
      'jetstream_status_component_status{component="infra",status="degraded"} 1',
      'jetstream_status_component_status{component="infra",status="down"} 0',
      'jetstream_status_live_pullers{component="infra"} 3',
      'jetstream_status_backlog{component="infra"} 142',
      'jetstream_status_in_flight{component="infra"} 8',
      'jetstream_status_oldest_unacked_seconds{component="infra"} 95',
      'jetstream_status_snapshot_age_seconds{component="infra"} 1.25',
      `jetstream_status_consumer_pending${consumer} 1`,
      `jetstream_status_consumer_ack_pending${consumer} 2`,
      `jetstream_status_consumer_waiting${consumer} 3`,
      `jetstream_status_consumer_redelivered${consumer} 4`,
      `jetstream_status_consumer_oldest_unacked_seconds${consumer} 5`,
      'jetstream_status_nats_connected 1',
    ].sort(),
  );
});

describe('what is not known', () => {
  test('has a status and no figures before the first snapshot', async () => {
    const components = [{ ...INFRA, health: aHealth('down'), snapshotAge: undefined }];
    const lines = ownLines(await createMetrics().render({ ...NOTHING, components }));
    expect(lines).toContain('jetstream_status_component_status{component="infra",status="down"} 1');
    expect(lines.join('\n')).not.toMatch(/_(live_pullers|backlog|in_flight|age_seconds|unacked_seconds)\{/);
  });

  test('is no age of a message that may not be read', async () => {
    const reading = aReading({ oldestUnackedSeconds: undefined });
    const text = await createMetrics().render({ ...NOTHING, consumers: [{ ...PROVISIONER, reading }] });
    expect(text).toContain('jetstream_status_consumer_pending{');
    expect(text).not.toContain('jetstream_status_consumer_oldest_unacked_seconds{');
  });
});

test('what is gone has no value any more', async () => {
  const metrics = createMetrics();
  await metrics.render({ components: [INFRA], consumers: [PROVISIONER], isConnected: true });
  const lines = ownLines(await metrics.render(NOTHING));
  expect(lines.filter((line) => line.includes('infra'))).toEqual([]);
  expect(lines).toContain('jetstream_status_nats_connected 0');
});

test('rounds and requests are counted', async () => {
  const metrics = createMetrics();
  metrics.countRound('complete', 0.02);
  metrics.countRound('complete', 0.3);
  metrics.countRound('skipped', undefined);
  metrics.countRequest('consumer_info', 'ok');
  metrics.countRequest('consumer_info', 'timeout');
  metrics.countRequest('consumer_info', 'timeout');
  const lines = ownLines(await metrics.render(NOTHING));
  expect(lines).toEqual(
    expect.arrayContaining([
      'jetstream_status_poll_rounds_total{result="complete"} 2',
      'jetstream_status_poll_rounds_total{result="partial"} 0',
      'jetstream_status_poll_rounds_total{result="skipped"} 1',
      'jetstream_status_poll_duration_seconds_bucket{le="0.025"} 1',
      'jetstream_status_poll_duration_seconds_bucket{le="+Inf"} 2',
      'jetstream_status_poll_duration_seconds_count 2',
      'jetstream_status_nats_requests_total{kind="consumer_info",result="ok"} 1',
      'jetstream_status_nats_requests_total{kind="consumer_info",result="timeout"} 2',
    ]),
  );
});

test('names of consumers cannot break the format', async () => {
  const id = { stream: 'a"b', consumer: 'c\\d\ne' };
  const text = await createMetrics().render({ ...NOTHING, consumers: [{ ...PROVISIONER, id }] });
  expect(text).toContain('{component="infra",stream="a\\"b",consumer="c\\\\d\\ne"} 1\n');
});

test('thousands of consumers have one line each, and others get their turn meanwhile', async () => {
  const consumers = Array.from({ length: 10_000 }, (_, i) => ({
    ...PROVISIONER,
    id: { stream: 'INFRA', consumer: `c${String(i)}` },
  }));
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const text = await createMetrics().render({ ...NOTHING, consumers });
  clearInterval(counting);
  expect(text.match(/^jetstream_status_consumer_pending\{/gm)).toHaveLength(10_000);
  expect(text.match(/^# TYPE jetstream_status_consumer_/gm)).toHaveLength(5);
  expect(turns).toBeGreaterThan(3);
});

test('two of them know nothing of each other', async () => {
  const [a, b] = [createMetrics(), createMetrics()];
  a.countRound('partial', 1);
  expect(ownLines(await b.render(NOTHING))).toContain(
    'jetstream_status_poll_rounds_total{result="partial"} 0',
  );
});
