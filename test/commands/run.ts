import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/clock.js';
import { runCommand } from '../../src/commands/run-command.js';

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Over an environment without any variable that the program reads. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the built program as a process of its own, to its end. */
export async function runProgram(
  args: readonly string[],
  { env = {}, cwd }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => stdout.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr.push(chunk));
  // Not at its exit: output may still be under way then.
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** The same command line in this process, which is quicker; without a terminal. */
export async function runHere(
  args: readonly string[],
  { env = {}, cwd = process.cwd() }: RunOptions = {},
): Promise<Ended> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const code = await runCommand(args, {
    env,
    cwd,
    clock: systemClock,
    stdout: (text) => stdout.push(text),
    stderr: (text) => stderr.push(text),
    columns: { stdout: undefined, stderr: undefined },
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
