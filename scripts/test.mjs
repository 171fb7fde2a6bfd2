// `npm test`: sets up what the tests need and runs them. Arguments go on to jest.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOW_TO_INSTALL_CHROMIUM, provideChromium } from './chromium.mjs';
import { HOW_TO_INSTALL, provideNatsServer } from './nats-server.mjs';
import { measurePace } from './pace.mjs';
import { providePrometheusTools } from './prometheus-tools.mjs';
import { ROOT, run } from './run.mjs';
import { setUp } from './setup.mjs';

try {
  await setUp();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
if (process.env.NATS_SERVER_BINS === undefined && (await provideNatsServer()) === undefined) {
  process.stderr.write(
    `${HOW_TO_INSTALL}Tests that need one are skipped (they fail where CI or REQUIRE_NATS=1 is set).\n`,
  );
}
await providePrometheusTools();
if ((await provideChromium()) === undefined) {
  process.stderr.write(
    `${HOW_TO_INSTALL_CHROMIUM}Tests of the page in a browser are skipped (they fail where CI is set).\n`,
  );
}

const pace = Number(process.env.TEST_PACE ?? (await measurePace()));
if (pace > 1) {
  process.stdout.write(
    `A start of node takes ${String(pace)} times as long here as on an ordinary machine: the tests give everything as much more.\n`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-test-'));
const results = join(folder, 'results.json');
const code = await run(
  process.execPath,
  [
    // Jest runs ES modules only with this flag.
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--rootDir',
    ROOT,
    '--json',
    `--outputFile=${results}`,
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, TEST_PACE: String(pace) } },
);
const counts = JSON.parse(await readFile(results, 'utf8').catch(() => '{}'));
await rm(folder, { recursive: true, force: true });
const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: skipped = 0 } = counts;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = code;
