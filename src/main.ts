#!/usr/bin/env node
import './heap-growth.js';
import { systemClock } from './clock.js';
import { runCommand } from './commands/run-command.js';

// A full disk or a reader that went away must not end the service.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

// The NATS client prints what it cannot parse, bytes of the peer and all, past every redaction. We use none of these.
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  // eslint-disable-next-line no-console -- silenced, not used
  console[method] = () => undefined;
}

/** Where a terminal does not tell its size. */
const DEFAULT_COLUMNS = 80;
const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream): number | undefined =>
  isTTY ? columns || DEFAULT_COLUMNS : undefined;

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  columns: { stdout: columnsOf(process.stdout), stderr: columnsOf(process.stderr) },
});
