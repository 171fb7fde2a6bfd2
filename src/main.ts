#!/usr/bin/env node
import { systemClock } from './clock.js';
import { runCommand } from './commands/run-command.js';

// A full disk or a reader that went away must not end the service.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

// The NATS client prints what it cannot parse, bytes of the peer and all, past every redaction. We use none of these.
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  // eslint-disable-next-line no-console
  console[method] = () => undefined;
}

/** Where a terminal does not tell its size. */
const DEFAULT_COLUMNS = 80;
const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream): number | undefined =>
  isTTY ? columns || DEFAULT_COLUMNS : undefined;

/** After the last byte, for what ends by itself. */
const EXIT_WITHIN_MS = 200;

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  columns: { stdout: columnsOf(process.stdout), stderr: columnsOf(process.stderr) },
});

// The NATS client leaves a socket open towards a server that took the connection and then said nothing: it must not
// keep the process. Only once everything is written, for a reader that takes its time.
process.stdout.write('', () => {
  setTimeout(() => process.exit(), EXIT_WITHIN_MS).unref();
});
