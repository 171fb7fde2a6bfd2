import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

/** Nothing listens there: starting, stopping and reloading need no NATS. */
const NATS = { url: 'nats://127.0.0.1:1' };
const COMPONENTS = { infra: { consumers: [{ stream: 'INFRA', consumer: 'provisioner' }] } };

interface LogLine {
  readonly event?: string;
  readonly msg?: string;
  readonly problems?: string;
}

describe('serve', () => {
  const running: RunningService[] = [];
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop('SIGKILL');
  });

  async function serve(config: object = {}): Promise<RunningService> {
    const service = await startService({ nats: NATS, components: COMPONENTS, ...config });
    running.push(service);
    return service;
  }

  function linesOf(service: RunningService): readonly LogLine[] {
    const lines = service.output().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  const logged = (service: RunningService, event: string): Promise<readonly LogLine[]> =>
    eventually(() => {
      const lines = linesOf(service).filter((line) => line.event === event);
      return lines.length > 0 ? lines : undefined;
    });

  test('says first where it listens, and every line is JSON', async () => {
    const service = await serve();
    expect(linesOf(service)[0]).toMatchObject({
      event: 'listening',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      admin_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect((await fetch(`${service.adminUrl}/livez`)).status).toBe(200);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends well on %s', async (signal) => {
    const service = await serve();
    expect(await service.stop(signal)).toBe(0);
    expect(await logged(service, 'stopping')).toHaveLength(1);
  });

  test('takes another configuration on SIGHUP, and keeps its listeners', async () => {
    const service = await serve();
    expect((await fetch(`${service.url}/api/v2/status/apps`)).status).toBe(404);
    await service.reload({
      nats: NATS,
      http: { host: '127.0.0.1', port: 1 },
      components: { ...COMPONENTS, apps: { consumers: [{ stream: 'APPS', consumer: 'deployer' }] } },
    });
    await eventually(async () =>
      (await fetch(`${service.url}/api/v2/status/apps`)).status === 200 ? true : undefined,
    );
    expect((await logged(service, 'reload')).map(({ msg }) => msg)).toEqual([
      'changed listeners take effect after a restart',
      'configuration reloaded',
    ]);
  });

  test('stays with the configuration it has when another one is refused', async () => {
    const service = await serve();
    await service.reload({ nats: { url: 'nats://127.0.0.1:1', password: 'canary-secret' }, components: {} });
    const [refused] = await logged(service, 'reload_refused');
    expect(refused?.problems).toContain('components');
    expect(service.output()).not.toContain('canary-secret');
    expect((await fetch(`${service.url}/api/v2/status/infra`)).status).toBe(200);
    // And takes a good one afterwards.
    await service.reload({
      nats: NATS,
      components: { apps: { consumers: [{ stream: 'APPS', consumer: 'deployer' }] } },
    });
    await eventually(async () =>
      (await fetch(`${service.url}/api/v2/status/infra`)).status === 404 ? true : undefined,
    );
  });

  test('without an admin listener nothing else listens', async () => {
    const service = await serve({ admin: { port: 0 } });
    expect(linesOf(service)[0]).not.toHaveProperty('admin_url');
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${service.url}/debug/consumers`)).status).toBe(404);
  });
});
