import type { Config } from '../config/config.js';
import type { Integration } from './integration.js';
import { componentUrl, UP } from './public-status.js';
import { yamlDocuments, yamlText } from './yaml-text.js';

const JOB = 'jetstream-status';
const PROBE_JOB = 'jetstream-status-probe';
const MODULE = 'jetstream_status_up';

/**
 * Three files: what to scrape, when to alert, and a module of the blackbox exporter for those who watch from outside,
 * where the admin port cannot be reached. Without an admin port only the last remains.
 */
export const prometheus: Integration = {
  name: 'prometheus',
  summary: 'scrape configuration, alert rules and a blackbox exporter module: three YAML documents',
  render(config, url) {
    const hasMetrics = config.admin.port !== 0;
    return yamlDocuments([
      yamlText(
        [
          'prometheus.yml: the first job needs the admin port, which listens on this machine only unless admin.host says',
          'otherwise; the second asks from outside, through a blackbox exporter.',
        ],
        { scrape_configs: [...(hasMetrics ? [metricsJob(config, url)] : []), probeJob(config, url)] },
      ),
      yamlText(['A file under rule_files.'], {
        groups: [{ name: JOB, rules: [...(hasMetrics ? metricsRules(config) : []), probeRule()] }],
      }),
      yamlText(['blackbox.yml: the module of the second job.'], { modules: { [MODULE]: blackboxModule() } }),
    ]);
  },
};

function metricsJob({ admin }: Config, url: string): object {
  const target = `${new URL(url).hostname}:${String(admin.port)}`;
  return { job_name: JOB, scrape_interval: '15s', static_configs: [{ targets: [target] }] };
}

function probeJob({ components }: Config, url: string): object {
  return {
    job_name: PROBE_JOB,
    scrape_interval: '30s',
    metrics_path: '/probe',
    params: { module: [MODULE] },
    static_configs: components.map((component) => ({
      targets: [componentUrl(component, url)],
      labels: { component: component.id },
    })),
    relabel_configs: [
      { source_labels: ['__address__'], target_label: '__param_target' },
      { source_labels: ['__param_target'], target_label: 'instance' },
      // Where the blackbox exporter listens.
      { target_label: '__address__', replacement: '127.0.0.1:9115' },
    ],
  };
}

function metricsRules({ poll }: Config): object[] {
  const staleSeconds = Math.ceil(poll.staleAfterMs / 1000);
  return [
    {
      alert: 'JetStreamComponentDown',
      expr: 'jetstream_status_component_status{status="down"} == 1',
      for: '2m',
      labels: { severity: 'critical' },
      annotations: { summary: '{{ $labels.component }} is down' },
    },
    {
      alert: 'JetStreamComponentDegraded',
      expr: 'jetstream_status_component_status{status="degraded"} == 1',
      for: '10m',
      labels: { severity: 'warning' },
      annotations: { summary: '{{ $labels.component }} is degraded' },
    },
    {
      alert: 'JetStreamStatusFiguresOld',
      expr: `jetstream_status_snapshot_age_seconds > ${String(staleSeconds)}`,
      for: '1m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The figures of {{ $labels.component }} are {{ $value | humanizeDuration }} old',
      },
    },
    {
      alert: 'JetStreamStatusDisconnected',
      expr: 'jetstream_status_nats_connected == 0',
      for: '1m',
      labels: { severity: 'warning' },
      annotations: { summary: 'jetstream-status has no connection to NATS' },
    },
    {
      alert: 'JetStreamStatusUnreachable',
      expr: `up{job="${JOB}"} == 0`,
      for: '2m',
      labels: { severity: 'critical' },
      annotations: { summary: 'jetstream-status cannot be scraped' },
    },
    {
      alert: 'JetStreamStatusRequestsFail',
      // A consumer that does not exist is an answer.
      expr: 'sum by (kind, result) (rate(jetstream_status_nats_requests_total{result!~"ok|absent"}[5m])) > 0',
      for: '10m',
      labels: { severity: 'warning' },
      annotations: { summary: '{{ $labels.kind }} requests to NATS fail: {{ $labels.result }}' },
    },
  ];
}

function probeRule(): object {
  return {
    alert: 'JetStreamComponentNotUp',
    expr: `probe_success{job="${PROBE_JOB}"} == 0`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: { summary: '{{ $labels.component }} is not up, or its status cannot be reached' },
  };
}

function blackboxModule(): object {
  return {
    prober: 'http',
    timeout: '5s',
    http: {
      valid_status_codes: [200],
      fail_if_body_not_matches_regexp: [UP],
      fail_if_header_not_matches: [{ header: 'X-Snapshot-State', regexp: '^fresh$' }],
    },
  };
}
