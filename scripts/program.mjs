import { join } from 'node:path';
import { HOW_TO_INSTALL, provideNatsServer } from './nats-server.mjs';
import { ROOT, run } from './run.mjs';
import { setUp } from './setup.mjs';

/**
 * Sets up what the tests need and runs a TypeScript program of the test folder with the arguments of this process,
 * whose exit code becomes that of the program.
 *
 * @param {string} path in the checkout
 * @param {{ needsNats?: boolean, nodeArgs?: readonly string[] }} [options]
 */
export async function runProgram(path, { needsNats = true, nodeArgs = [] } = {}) {
  await setUp();
  if (needsNats && process.env.NATS_SERVER_BINS === undefined && (await provideNatsServer()) === undefined) {
    process.stderr.write(HOW_TO_INSTALL);
    process.exitCode = 1;
    return;
  }
  process.exitCode = await run(
    process.execPath,
    [
      ...nodeArgs,
      '--import',
      new URL('typescript.mjs', import.meta.url).href,
      join(ROOT, path),
      ...process.argv.slice(2),
    ],
    // It ends its servers and services itself, and tells what it saw.
    { ownGroup: true },
  );
}
