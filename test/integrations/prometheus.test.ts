import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { prometheus } from '../../src/integrations/prometheus.js';
import type { PublicSetup } from '../http/public-setup.js';
import { startPublicSetup } from '../http/public-setup.js';
import { eventually } from '../support/eventually.js';
import { testWith } from '../support/find-program.js';
import { ask, OTHER_PAGES, shippedConfig, SITUATIONS } from './setup.js';

const run = promisify(execFile);

interface Scrape {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly static_configs: readonly { readonly targets: readonly string[] }[];
  }[];
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}
interface Blackbox {
  readonly modules: Record<
    string,
    {
      readonly http: {
        readonly valid_status_codes: readonly number[];
        readonly fail_if_body_not_matches_regexp: readonly string[];
        readonly fail_if_header_not_matches: readonly { readonly header: string; readonly regexp: string }[];
      };
    }
  >;
}

let setup: PublicSetup;
let folder: string;

beforeEach(async () => {
  setup = await startPublicSetup();
  folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
});
afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
  await rm(folder, { recursive: true });
});

/** The three documents, written to files of their own. */
async function printed(env: Record<string, string> = {}, url = setup.server.url) {
  const config = await shippedConfig(env);
  const [scrape, rules, blackbox] = parseAllDocuments(prometheus.render(config, url)).map(
    (document) => document.toJS() as unknown,
  ) as [Scrape, Rules, Blackbox];
  const files = {
    scrape: join(folder, 'prometheus.yml'),
    rules: join(folder, 'rules.yml'),
    blackbox: join(folder, 'blackbox.yml'),
  };
  await writeFile(files.scrape, stringify({ rule_files: ['rules.yml'], ...scrape }));
  await writeFile(files.rules, stringify(rules));
  await writeFile(files.blackbox, stringify(blackbox));
  return { scrape, rules, blackbox, files };
}

describe('the blackbox module', () => {
  const passes = (
    { http }: Blackbox['modules'][string],
    { code, headers, text }: Awaited<ReturnType<typeof ask>>,
  ): boolean =>
    http.valid_status_codes.includes(code) &&
    http.fail_if_body_not_matches_regexp.every((source) => new RegExp(source).test(text)) &&
    http.fail_if_header_not_matches.every(({ header, regexp }) =>
      new RegExp(regexp).test(headers.get(header) ?? ''),
    );

  test.each(SITUATIONS)('$name', async ({ prepare, isUp }) => {
    const { blackbox, scrape } = await printed();
    const [module] = Object.values(blackbox.modules);
    prepare(setup);
    const target = scrape.scrape_configs[1]?.static_configs[0]?.targets[0] ?? '';
    expect(module && passes(module, await ask(target))).toBe(isUp);
    for (const page of OTHER_PAGES) expect(module && passes(module, page)).toBe(false);
  });

  testWith('prometheus-blackbox-exporter', 'is what the exporter itself evaluates', async (program) => {
    const { files, scrape, blackbox } = await printed();
    const port = await freePort();
    const exporter = spawn(
      program,
      [`--config.file=${files.blackbox}`, `--web.listen-address=127.0.0.1:${String(port)}`],
      { stdio: 'ignore' },
    );
    const address = `http://127.0.0.1:${String(port)}`;
    await eventually(() => fetch(`${address}/-/healthy`).catch(() => undefined));
    const target = scrape.scrape_configs[1]?.static_configs[0]?.targets[0] ?? '';
    const [module = ''] = Object.keys(blackbox.modules);
    const succeeds = async (): Promise<boolean> => {
      const query = new URLSearchParams({ target, module }).toString();
      const metrics = await (await fetch(`${address}/probe?${query}`)).text();
      return /^probe_success 1$/m.test(metrics);
    };
    try {
      // Those without any figures first: what a store holds it keeps.
      const unknownFirst = SITUATIONS.toSorted(
        (a, b) => Number(b.isUnknown ?? false) - Number(a.isUnknown ?? false),
      );
      for (const { prepare, isUp, name } of unknownFirst) {
        prepare(setup);
        expect([name, await succeeds()]).toEqual([name, isUp]);
      }
    } finally {
      const ended = once(exporter, 'exit');
      exporter.kill();
      await ended;
    }
  });
});

describe('scrape configuration and rules', () => {
  testWith('promtool', 'pass its check', async (promtool) => {
    const { files } = await printed({}, 'https://status.example.com/base');
    const { stdout } = await run(promtool, ['check', 'config', files.scrape]);
    expect(stdout).toContain('7 rules found');
  });

  testWith('promtool', 'alert when a component is down, degraded, old or out of reach', async (promtool) => {
    const { files } = await printed();
    const tests = join(folder, 'tests.yml');
    const state = (component: string, status: string, value: string) => ({
      series: `jetstream_status_component_status{component="${component}",status="${status}"}`,
      values: value,
    });
    const firing = (alertname: string, labels: object, summary: string) => ({
      eval_time: '15m',
      alertname,
      exp_alerts: [{ exp_labels: labels, exp_annotations: { summary } }],
    });
    await writeFile(
      tests,
      stringify({
        rule_files: ['rules.yml'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [
              state('infra', 'down', '1x20'),
              state('infra', 'up', '0x20'),
              state('apps', 'degraded', '1x20'),
              state('apps', 'down', '0x20'),
              { series: 'jetstream_status_snapshot_age_seconds{component="infra"}', values: '40x20' },
              { series: 'jetstream_status_snapshot_age_seconds{component="apps"}', values: '14x20' },
              { series: 'jetstream_status_nats_connected', values: '0x20' },
              { series: 'up{job="jetstream-status",instance="a"}', values: '0x20' },
              {
                series: 'jetstream_status_nats_requests_total{kind="consumer_info",result="timeout"}',
                values: '0+1x20',
              },
              {
                series: 'jetstream_status_nats_requests_total{kind="consumer_info",result="absent"}',
                values: '0+1x20',
              },
              { series: 'probe_success{job="jetstream-status-probe",component="apps"}', values: '0x20' },
            ],
            alert_rule_test: [
              firing(
                'JetStreamComponentDown',
                { severity: 'critical', component: 'infra', status: 'down' },
                'infra is down',
              ),
              firing(
                'JetStreamComponentDegraded',
                { severity: 'warning', component: 'apps', status: 'degraded' },
                'apps is degraded',
              ),
              firing(
                'JetStreamStatusFiguresOld',
                { severity: 'warning', component: 'infra' },
                'The figures of infra are 40s old',
              ),
              firing(
                'JetStreamStatusDisconnected',
                { severity: 'warning' },
                'jetstream-status has no connection to NATS',
              ),
              firing(
                'JetStreamStatusUnreachable',
                { severity: 'critical', job: 'jetstream-status', instance: 'a' },
                'jetstream-status cannot be scraped',
              ),
              firing(
                'JetStreamStatusRequestsFail',
                { severity: 'warning', kind: 'consumer_info', result: 'timeout' },
                'consumer_info requests to NATS fail: timeout',
              ),
              firing(
                'JetStreamComponentNotUp',
                { severity: 'warning', job: 'jetstream-status-probe', component: 'apps' },
                'apps is not up, or its status cannot be reached',
              ),
            ],
          },
        ],
      }),
    );
    expect((await run(promtool, ['test', 'rules', tests])).stdout).toContain('SUCCESS');
    expect(files.rules).toContain(folder);
  });

  test('go to the admin port of the same host, and are left out where there is none', async () => {
    const { scrape } = await printed({ ADMIN_PORT: '9099' }, 'https://[::1]/base');
    expect(scrape.scrape_configs[0]?.static_configs[0]?.targets).toEqual(['[::1]:9099']);
    expect(scrape.scrape_configs[1]?.static_configs[0]?.targets).toEqual([
      'https://[::1]/base/api/v2/status/infra',
    ]);
    const without = await printed({ ADMIN_PORT: '0' });
    expect(without.scrape.scrape_configs.map(({ job_name: name }) => name)).toEqual([
      'jetstream-status-probe',
    ]);
    expect(without.rules.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))).toEqual([
      'JetStreamComponentNotUp',
    ]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
