import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ConsumerId } from '../../src/health/consumer-reading.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/consumer-info/', import.meta.url));

/** A valid answer of the JetStream API about an idle consumer that somebody pulls from. */
export function consumerInfo(
  { stream, consumer }: ConsumerId,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    type: 'io.nats.jetstream.api.v1.consumer_info_response',
    ...{ stream_name: stream, name: consumer, created: '2026-01-01T00:00:00Z' },
    config: {
      durable_name: consumer,
      ...{ ack_policy: 'explicit', ack_wait: 30e9, deliver_policy: 'all', max_ack_pending: 1000 },
    },
    delivered: { consumer_seq: 1, stream_seq: 1 },
    ack_floor: { consumer_seq: 1, stream_seq: 1 },
    ...{ num_ack_pending: 0, num_redelivered: 0, num_waiting: 3, num_pending: 0 },
    ts: new Date().toISOString(),
    ...changes,
  };
}

/** Answers of real servers as text, by file name. */
export async function readFixtures(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map((name) => readFile(FIXTURES + name, 'utf8')));
  return new Map(names.map((name, i) => [name, texts[i] ?? '']));
}
