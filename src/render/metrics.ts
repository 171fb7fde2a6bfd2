import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { STATUSES } from '../health/component-health.js';
import type { ComponentHealth } from '../health/component-health.js';
import { FIGURE_NAMES, FIGURES } from '../health/figures.js';
import type { MeasuredConsumer } from './consumer-metrics.js';
import { CONSUMER_LABELS, CONSUMER_METRICS, renderConsumerMetrics } from './consumer-metrics.js';

/** What is known at the moment of a scrape. Every label comes from here, so from the configuration or the server. */
export interface MetricsSource {
  readonly components: readonly MeasuredComponent[];
  readonly consumers: readonly MeasuredConsumer[];
  readonly isConnected: boolean;
}

export interface MeasuredComponent {
  readonly id: string;
  /** As a request would be answered now. */
  readonly health: ComponentHealth;
  /** Seconds; undefined before the first snapshot, and then the figures mean nothing either. */
  readonly snapshotAge: number | undefined;
}

/** What is counted as it happens. */
export interface MetricsRecorder {
  countRequest(kind: string, result: string): void;
  /** @param seconds undefined for a round that did not take place */
  countRound(result: string, seconds: number | undefined): void;
}

export interface Metrics extends MetricsRecorder {
  /** Content-Type of what `render` gives. */
  readonly type: string;
  render(source: MetricsSource): Promise<string>;
}

const PREFIX = 'jetstream_status_';

interface MetricDescription {
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

type Values = Iterable<readonly [Record<string, string>, number]>;

/** A value that is taken at the moment of the scrape. */
interface GaugeRow extends MetricDescription {
  readonly values: (source: MetricsSource) => Values;
}

const GAUGES: readonly GaugeRow[] = [
  {
    name: 'component_status',
    help: '1 for the present status of the component, 0 for the others',
    labels: ['component', 'status'],
    values: ({ components }) =>
      components.flatMap(({ id, health }) =>
        STATUSES.map((status) => [{ component: id, status }, Number(health.status === status)] as const),
      ),
  },
  ...FIGURE_NAMES.map((name) => ({
    name,
    help: FIGURES[name].meaning,
    labels: ['component'],
    values: ({ components }: MetricsSource): Values =>
      components
        .filter(({ snapshotAge }) => snapshotAge !== undefined)
        .map(({ id, health }) => [{ component: id }, health.figures[name]]),
  })),
  {
    name: 'snapshot_age_seconds',
    help: 'Time since the figures of the component were read; absent as long as none ever were',
    labels: ['component'],
    values: ({ components }) =>
      components.flatMap(({ id, snapshotAge }) =>
        snapshotAge === undefined ? [] : [[{ component: id }, snapshotAge] as const],
      ),
  },
  {
    name: 'nats_connected',
    help: '1 while there is a connection to NATS',
    labels: [],
    values: ({ isConnected }) => [[{}, Number(isConnected)]],
  },
];

const POLL_DURATION = {
  name: 'poll_duration_seconds',
  help: 'How long a round of questions took',
  labels: [],
};
const POLL_ROUNDS = {
  name: 'poll_rounds_total',
  help: 'Rounds by result: complete, partial (some component could not be judged), skipped (not begun)',
  labels: ['result'],
};
const NATS_REQUESTS = {
  name: 'nats_requests_total',
  help: 'Requests to NATS by kind and result: ok, absent, or what went wrong',
  labels: ['kind', 'result'],
};

/** Every metric of our own. */
export const METRICS: readonly MetricDescription[] = [
  ...[...GAUGES, POLL_DURATION, POLL_ROUNDS, NATS_REQUESTS].map((row) => ({
    ...row,
    name: PREFIX + row.name,
  })),
  ...CONSUMER_METRICS.map((row) => ({ ...row, labels: CONSUMER_LABELS })),
];

/** A round ends before the next tick; most take milliseconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const describe = ({ name, help, labels }: MetricDescription) => ({
    name: PREFIX + name,
    help,
    labelNames: labels,
    registers: [registry],
  });
  const gauges = GAUGES.map((row) => ({ row, gauge: new Gauge(describe(row)) }));
  const duration = new Histogram({ ...describe(POLL_DURATION), buckets: DURATION_BUCKETS });
  const rounds = new Counter(describe(POLL_ROUNDS));
  const requests = new Counter(describe(NATS_REQUESTS));
  // From the start on: a counter that begins with its first failure hides it from `rate`.
  for (const result of ['complete', 'partial', 'skipped']) rounds.inc({ result }, 0);
  let isScraped = false;

  return {
    type: registry.contentType,
    countRequest(kind, result) {
      requests.inc({ kind, result });
    },
    countRound(result, seconds) {
      rounds.inc({ result });
      if (seconds !== undefined) duration.observe(seconds);
    },
    async render(source) {
      // Only for whoever asks: to watch the event loop takes more than all the rest of an idle service.
      if (!isScraped) collectDefaultMetrics({ register: registry });
      isScraped = true;
      for (const { row, gauge } of gauges) {
        // Components and consumers that are gone have no value any more.
        gauge.reset();
        for (const [labels, value] of row.values(source)) gauge.set(labels, value);
      }
      const pieces = [await registry.metrics()];
      for (const piece of renderConsumerMetrics(source.consumers)) {
        pieces.push(piece);
        await nextTurn();
      }
      return pieces.join('');
    },
  };
}
