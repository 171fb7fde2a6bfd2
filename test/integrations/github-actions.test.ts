import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { githubActions } from '../../src/integrations/github-actions.js';
import type { PublicSetup } from '../http/public-setup.js';
import { startPublicSetup } from '../http/public-setup.js';
import { testWith } from '../support/find-program.js';
import { shippedConfig } from './setup.js';

const run = promisify(execFile);

interface Workflow {
  readonly on: object;
  readonly jobs: Record<
    string,
    {
      readonly steps: readonly {
        readonly shell: string;
        readonly env: Record<string, string>;
        readonly run: string;
      }[];
    }
  >;
}

let setup: PublicSetup;
let folder: string;

beforeEach(async () => {
  setup = await startPublicSetup();
  folder = await mkdtemp(join(tmpdir(), 'github-actions-'));
});
afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
  await rm(folder, { recursive: true });
});

/** The one step of the workflow for `infra` and `apps`, its script in a file. */
async function step() {
  const config = await shippedConfig();
  const served = { ...config, components: config.components.filter(({ id }) => id !== 'datastores') };
  const workflow = parse(githubActions.render(served, setup.server.url)) as Workflow;
  expect(Object.keys(workflow.on)).toEqual(['workflow_call', 'workflow_dispatch']);
  const [only] = workflow.jobs['jetstream-status']?.steps ?? [];
  if (only === undefined) throw new Error('there is no step');
  const file = join(folder, 'script.sh');
  await writeFile(file, only.run);
  return { ...only, file };
}

/** As the runner does it: the shell with the script's file in the place of `{0}`. */
async function runStep(waitSeconds: number): Promise<{ code: number; stdout: string; stderr: string }> {
  const { shell, env, file } = await step();
  const [program = '', ...args] = shell.replace('{0}', file).split(' ');
  const variables = { ...process.env, ...env, WAIT_SECONDS: String(waitSeconds) };
  try {
    return { code: 0, ...(await run(program, args, { env: variables })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test('the script is one for any POSIX shell', async () => {
  await expect(run('sh', ['-n', (await step()).file])).resolves.toBeDefined();
});

testWith('curl', 'it succeeds when every component is up', async () => {
  setup.put('infra');
  setup.put('apps');
  expect(await runStep(0)).toEqual({ code: 0, stdout: 'infra is up\napps is up\n', stderr: '' });
});

testWith('curl', 'it fails when one is not, and says which and why', async () => {
  setup.put('infra');
  setup.put('apps', { status: 'degraded', detail: 'backlog above warning threshold' });
  const { code, stdout, stderr } = await runStep(0);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'infra is up\n' });
  expect(stderr).toMatch(/^apps is not up: {"status":"degraded",.*"backlog above warning threshold"}\n$/);
});

testWith('curl', 'it fails when there is no answer', async () => {
  const { url } = setup.server;
  await setup.server.close();
  const { code, stderr } = await runStep(0);
  expect(code).toBe(1);
  expect(stderr).toMatch(/infra is not up: no answer\n$/);
  expect(url).toContain('127.0.0.1');
});

testWith('curl', 'it waits for what is not up yet', async () => {
  setup.put('infra', { status: 'down', detail: 'no live pullers' });
  setup.put('apps');
  const running = runStep(60);
  setTimeout(() => {
    setup.put('infra');
  }, 500);
  expect(await running).toMatchObject({ code: 0, stdout: 'infra is up\napps is up\n' });
});
