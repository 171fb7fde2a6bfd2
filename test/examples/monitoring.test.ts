import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { prometheus } from '../../src/integrations/prometheus.js';
import { createMetrics, METRICS } from '../../src/render/metrics.js';
import { aHealth } from '../http/public-setup.js';
import { shippedConfig } from '../integrations/setup.js';
import { aReading } from '../support/a-reading.js';
import { testWith } from '../support/find-program.js';
import { DASHBOARD_SCHEMA } from './dashboard-schema.js';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: Box;
  readonly targets: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
  }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
}
interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

const run = promisify(execFile);
const EXAMPLES = fileURLToPath(new URL('../../config/examples/', import.meta.url));
const SCRAPE_FILE = join(EXAMPLES, 'prometheus/prometheus.yml');
const RULE_FILE = join(EXAMPLES, 'prometheus/alerts.yml');
const ruleText = readFileSync(RULE_FILE, 'utf8');
const rules = (parse(ruleText) as RuleFile).groups.flatMap((group) => group.rules);
const dashboardText = readFileSync(join(EXAMPLES, 'grafana/dashboard.json'), 'utf8');
const dashboard = JSON.parse(dashboardText) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Names of series as they stand in an answer of `/metrics` with a component and a consumer. */
async function seriesNames(): Promise<Set<string>> {
  const metrics = createMetrics();
  metrics.countRequest('consumer_info', 'ok');
  metrics.countRound('complete', 0.01);
  const text = await metrics.render({
    components: [{ id: 'infra', health: aHealth('up'), snapshotAge: 1 }],
    consumers: [{ componentId: 'infra', id: { stream: 'INFRA', consumer: 'c' }, reading: aReading() }],
    isConnected: true,
  });
  return new Set([...text.matchAll(/^(\w+)[{ ]/gm)].map(([, name = '']) => name));
}

describe('the names used', () => {
  test.each([
    ['alerts', ruleText],
    ['the dashboard', dashboardText],
  ])('in %s are in the answer of /metrics', async (_, text) => {
    const used = new Set([...text.matchAll(/jetstream_status_\w+/g)].map(([name]) => name));
    expect(used.size).toBeGreaterThan(3);
    const known = await seriesNames();
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
  });

  test('on the dashboard are all there are', () => {
    const shown = (name: string): boolean => dashboardText.includes(name);
    const missing = METRICS.map(({ name }) => name).filter((name) => !shown(name));
    // Shown per component, and the connection by the age of the figures.
    expect(missing.sort()).toEqual([
      'jetstream_status_consumer_ack_pending',
      'jetstream_status_consumer_oldest_unacked_seconds',
      'jetstream_status_consumer_waiting',
      'jetstream_status_nats_connected',
    ]);
  });

  test('as labels in the texts are labels of a metric', () => {
    const labels = new Set(METRICS.flatMap((metric) => metric.labels));
    const legends = dashboard.panels.flatMap(({ targets }) =>
      targets.map(({ legendFormat }) => legendFormat),
    );
    const used = [
      ...[...legends.join(' ').matchAll(/{{(\w+)}}/g)],
      ...[...ruleText.matchAll(/\$labels\.(\w+)/g)],
      ...[...expressions.join(' ').matchAll(/(\w+)=~?"/g)],
    ].map(([, name = '']) => name);
    expect(used.filter((name) => !labels.has(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('has the parts of a dashboard', () => {
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(DASHBOARD_SCHEMA);
    validate(dashboard);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('has panels of their own id and place', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos: a, title, id } of panels) {
      expect([title, a.x + a.w <= 24]).toEqual([title, true]);
      const covered = panels.filter(
        ({ id: other, gridPos: b }) =>
          other !== id && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
      );
      expect(covered.map((panel) => panel.title)).toEqual([]);
    }
  });

  test('uses the variables it has, and those of Grafana', () => {
    const variables = new Set(dashboard.templating.list.map(({ name }) => name));
    const used = [...dashboardText.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
    expect(new Set(used)).toEqual(new Set([...variables, '__rate_interval']));
  });

  testWith('promtool', 'asks in expressions that Prometheus understands', async (promtool) => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    const record = (expr: string, i: number): object => ({
      record: `panel:${String(i)}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$component', '.*'),
    });
    const file = join(folder, 'rules.yml');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules: expressions.map(record) }] }));
    await run(promtool, ['check', 'rules', file]);
    await rm(folder, { recursive: true });
  });
});

describe('the Prometheus files', () => {
  test('alert as the printed configuration does', async () => {
    const [, printed] = parseAllDocuments(prometheus.render(await shippedConfig(), 'http://127.0.0.1:8080'));
    const told = (printed?.toJS() as RuleFile).groups.flatMap((group) => group.rules);
    const ofMetrics = told.filter(({ expr }) => !expr.includes('probe_success'));
    expect(rules).toEqual(ofMetrics);
  });

  test('scrape the admin port that is there by default', async () => {
    const { admin } = await shippedConfig();
    expect(readFileSync(SCRAPE_FILE, 'utf8')).toContain(`'${admin.host}:${String(admin.port)}'`);
  });

  testWith('promtool', 'pass the checks of Prometheus', async (promtool) => {
    await run(promtool, ['check', 'config', SCRAPE_FILE]);
    await run(promtool, ['check', 'rules', RULE_FILE]);
  });
});
