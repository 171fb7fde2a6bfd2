import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect, createInbox } from 'nats';
import { parse } from 'yaml';
import { findProgram } from '../../scripts/prometheus-tools.mjs';
import { loadConfig } from '../../src/config/load-config.js';
import { githubActions } from '../../src/integrations/github-actions.js';
import { describeWithNats } from '../support/nats-binaries.js';
import { startNatsServer } from '../support/nats-server.js';
import { startService } from '../support/service.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = await readFile(join(ROOT, 'README.md'), 'utf8');
const GATE = /```sh\n(#!\/bin\/sh\n[^]*?--wait[^]*?)```/.exec(README)?.[1] ?? '';

describeWithNats('gates of a deployment', ({ bin }) => {
  test('let nothing through until somebody works, then everything', async () => {
    const server = await startNatsServer({ bin });
    const nc = await connect({ servers: server.url });
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'S', subjects: ['s'] });
    await jsm.consumers.add('S', { durable_name: 'worker' });
    const config = {
      nats: { url: server.url },
      poll: { every: '1s', start_grace: '1s' },
      components: { infra: { consumers: [{ stream: 'S', consumer: 'worker' }] } },
    };
    const service = await startService(config);
    const folder = await mkdtemp(join(tmpdir(), 'gate-'));
    const deploy = join(folder, 'deploy.sh');
    await writeFile(deploy, GATE);
    await writeFile(join(folder, 'status.yaml'), JSON.stringify(config));
    const options = { configPath: 'status.yaml', env: {}, cwd: folder };
    const workflow = githubActions.render((await loadConfig(options)).config, service.url);
    const action = join(folder, 'action.sh');
    await writeFile(action, runOf(workflow));

    const gate = async (script: string, wait: string): Promise<{ code: number; stdout: string }> => {
      const env = {
        PATH: process.env.PATH,
        STATUS_URL: service.url,
        WAIT: wait,
        WAIT_SECONDS: wait.slice(0, -1),
      };
      try {
        return { code: 0, stdout: (await run('sh', ['-eu', script], { cwd: ROOT, env })).stdout };
      } catch (error) {
        const { code, stdout } = error as { code: number; stdout: string };
        return { code, stdout };
      }
    };

    await service.until(
      'infra',
      ({ status, detail }) => status !== 'up' && detail !== 'status not yet known',
    );
    const closed = await gate(deploy, '1s');
    expect(closed.code).toBeGreaterThanOrEqual(1);
    expect(closed.stdout).not.toContain('deploying');
    if (findProgram('curl') !== undefined) expect(await gate(action, '0s')).toEqual({ code: 1, stdout: '' });

    const waiting = gate(deploy, '1m');
    const inbox = createInbox();
    nc.subscribe(inbox);
    nc.publish('$JS.API.CONSUMER.MSG.NEXT.S.worker', '{"batch":10,"expires":120000000000}', { reply: inbox });
    const open = await waiting;
    expect(open.code).toBe(0);
    expect(open.stdout).toMatch(/^infra +up /m);
    expect(open.stdout).toMatch(/everything is up: deploying\n$/);
    if (findProgram('curl') !== undefined) {
      expect(await gate(action, '30s')).toEqual({ code: 0, stdout: 'infra is up\n' });
    }

    await service.stop();
    await nc.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }, 60_000);
});

function runOf(workflow: string): string {
  const { jobs } = parse(workflow) as { jobs: Record<string, { steps: { run: string }[] }> };
  return Object.values(jobs)[0]?.steps[0]?.run ?? '';
}
