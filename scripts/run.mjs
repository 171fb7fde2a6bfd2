import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout, wherever it is called from. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, cwd?: string, env?: NodeJS.ProcessEnv }} [options] quiet: its output is only shown when it fails
 * @returns {Promise<number>} its exit code; 127 when there is no such program, 128 when a signal ended it
 */
export async function run(command, args, { quiet = false, cwd = ROOT, env = process.env } = {}) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    // npm is a script there.
    shell: process.platform === 'win32' && command === 'npm',
  });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  // What it started it must end itself. A terminal sends the interruption to it as well, `kill` sends nothing.
  const passOn = () => child.kill('SIGTERM');
  const wait = () => undefined;
  process.on('SIGTERM', passOn).on('SIGINT', wait);
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (status) => resolve(status ?? 128));
  });
  process.off('SIGTERM', passOn).off('SIGINT', wait);
  if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
  return code;
}
