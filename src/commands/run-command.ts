import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.js';
import { shippedFile } from '../shipped-file.js';
import type { CommandIo } from './command.js';
import { COMMANDS } from './commands.js';
import type { CommandRow } from './commands.js';
import { unknownWord } from './unknown-word.js';
import { UsageError } from './usage-error.js';

const PROGRAM = 'jetstream-status';

/** As in sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_CONFIG = 2;

/**
 * Runs the command that the arguments name, the first of the table when they name none.
 *
 * @returns the exit code
 */
export async function runCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  const [first, ...rest] = argv;
  const isNamed = first !== undefined && !first.startsWith('-');
  const command = isNamed ? COMMANDS.find(({ name }) => name === first) : COMMANDS[0];
  try {
    if (command === undefined)
      throw new UsageError(
        unknownWord(
          'command',
          first ?? '',
          COMMANDS.map(({ name }) => name),
        ),
      );
    if (!isNamed && asksForHelp(argv)) {
      io.stdout(globalHelp(COMMANDS));
      return 0;
    }
    if (!isNamed && argv.includes('--version')) {
      io.stdout(`${await readVersion()}\n`);
      return 0;
    }
    const args = isNamed ? rest : argv;
    const loaded = await command.load();
    if (asksForHelp(args)) {
      io.stdout(loaded.help);
      return 0;
    }
    return await loaded.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) {
      const helpOf = isNamed && command !== undefined ? `${PROGRAM} ${command.name}` : PROGRAM;
      io.stderr(`${PROGRAM}: ${error.message}; see ${helpOf} --help\n`);
      return EXIT_USAGE;
    }
    if (error instanceof ConfigError) {
      io.stderr(`${error.message}\n`);
      return EXIT_CONFIG;
    }
    throw error;
  }
}

function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

function globalHelp(commands: readonly CommandRow[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: ${PROGRAM} [COMMAND] [OPTIONS]

Public health endpoints for the work behind JetStream consumers.

Commands:
${rows.join('\n')}

Options:
  --help     print this text; after a command, the help of that command
  --version  print the version
`;
}

async function readVersion(): Promise<string> {
  const text = await readFile(shippedFile('../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
