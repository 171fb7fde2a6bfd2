import type { ConsumerId, ConsumerReading } from '../health/consumer-reading.js';

export interface MeasuredConsumer {
  readonly componentId: string;
  readonly id: ConsumerId;
  readonly reading: ConsumerReading;
}

interface ConsumerMetric {
  readonly name: string;
  readonly help: string;
  /** Undefined where it cannot be known: then there is no line. */
  readonly valueOf: (reading: ConsumerReading) => number | undefined;
}

export const CONSUMER_LABELS = ['component', 'stream', 'consumer'];

export const CONSUMER_METRICS: readonly ConsumerMetric[] = [
  {
    name: 'jetstream_status_consumer_pending',
    help: 'Messages of the consumer never delivered',
    valueOf: ({ pending }) => pending,
  },
  {
    name: 'jetstream_status_consumer_ack_pending',
    help: 'Messages of the consumer delivered and not acknowledged',
    valueOf: ({ ackPending }) => ackPending,
  },
  {
    name: 'jetstream_status_consumer_waiting',
    help: 'Pull requests that wait at the consumer',
    valueOf: ({ waitingPulls }) => waitingPulls,
  },
  {
    name: 'jetstream_status_consumer_redelivered',
    help: 'Messages of the consumer delivered more than once and not acknowledged',
    valueOf: ({ redelivered }) => redelivered,
  },
  {
    name: 'jetstream_status_consumer_oldest_unacked_seconds',
    help: 'Age of the oldest message of the consumer not acknowledged; absent when it cannot be known',
    valueOf: ({ oldestUnackedSeconds }) => oldestUnackedSeconds,
  },
];

/** As many lines as take about a millisecond. */
const LINES_PER_PIECE = 2000;

/**
 * The consumers' part of the answer, in pieces: there can be ten thousand of them, and between two pieces others may
 * be answered. prom-client would take ten times as long, and all of it at once.
 */
export function* renderConsumerMetrics(consumers: readonly MeasuredConsumer[]): Generator<string> {
  const labels = consumers.map(({ componentId, id }) => labelsOf([componentId, id.stream, id.consumer]));
  for (const { name, help, valueOf } of CONSUMER_METRICS) {
    let piece = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    for (let i = 0; i < consumers.length; i++) {
      const reading = consumers[i]?.reading;
      const value = reading === undefined ? undefined : valueOf(reading);
      if (value !== undefined) piece += `${name}${labels[i] ?? ''} ${String(value)}\n`;
      if (i % LINES_PER_PIECE < LINES_PER_PIECE - 1) continue;
      yield piece;
      piece = '';
    }
    yield piece;
  }
}

function labelsOf(values: readonly string[]): string {
  return `{${CONSUMER_LABELS.map((label, i) => `${label}="${escapeLabel(values[i] ?? '')}"`).join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
