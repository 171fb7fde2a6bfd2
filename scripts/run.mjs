import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout, wherever it is called from. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program to its end. A signal that would end this process ends the program first.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, ownGroup?: boolean, cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 *   quiet: its output is only shown when it fails; ownGroup: an interruption in the terminal reaches neither it nor what
 *   it started, but by this process
 * @returns {Promise<number>} its exit code; 127 when there is no such program, 128 when a signal ended it
 */
export async function run(
  command,
  args,
  { quiet = false, ownGroup = false, cwd = ROOT, env = process.env } = {},
) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    detached: ownGroup,
    // npm is a script there.
    shell: process.platform === 'win32' && command === 'npm',
  });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  /** @type {NodeJS.Signals | undefined} */
  let endedBy;
  const passOn = (/** @type {NodeJS.Signals} */ signal) => {
    endedBy = signal;
    child.kill(signal);
  };
  process.on('SIGTERM', passOn).on('SIGINT', passOn);
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (status) => resolve(status ?? 128));
  });
  process.off('SIGTERM', passOn).off('SIGINT', passOn);
  if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
  // As if it had not been caught: nothing else is begun.
  if (endedBy !== undefined) process.kill(process.pid, endedBy);
  return code;
}
