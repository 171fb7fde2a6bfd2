import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../config/duration.js';
import type { Environment } from '../config/environment.js';
import { printable } from '../printable.js';
import { duration } from '../render/quantities.js';
import { renderTable } from '../render/table.js';
import type { TableRow } from '../render/table.js';
import type { Asked } from './ask-service.js';
import { askService } from './ask-service.js';
import type { Command, CommandIo } from './command.js';
import { parseArguments } from './parse-arguments.js';
import { createProgressLine } from './progress-line.js';
import { parseServiceUrl } from './service-url.js';
import { UsageError } from './usage-error.js';

/** As monitoring plugins have them. */
const EXIT = { up: 0, degraded: 1, down: 2, unknown: 3 } as const satisfies Record<
  TableRow['status'],
  number
>;
const REQUEST_TIMEOUT_MS = 5000;
const SHORTEST_TIMEOUT_MS = 1000;
const ASK_EVERY_MS = 1000;

const HELP = `Usage: jetstream-status status [COMPONENT...] [--url URL] [--json] [--allow degraded] [--wait TIME]

Asks a running service for the status of the components named, or of all, and prints a table.

Options:
  --url URL         address of the service; default: this machine, with the port in PORT or 8080
  --json            print the answers as they were served, one a line, instead of the table
  --allow degraded  count degraded as good, as long as its figures are fresh
  --wait TIME       ask every second until everything is good, for so long at most: 30s, 5m, 1h
  --help            print this text

The table has colours on a terminal unless NO_COLOR is set. What hinders is told on stderr.

Exit codes: 0 everything is up, 1 something is degraded or its figures are old or not there yet, 2 something is down,
3 there was no answer, or none from a jetstream-status, or no such component; 64 for a wrong command line.
`;

interface Options {
  readonly url: string;
  readonly components: readonly string[];
  readonly json: boolean;
  readonly allowDegraded: boolean;
  /** Undefined: ask once. */
  readonly wait: { readonly ms: number; readonly typed: string } | undefined;
}

export const status: Command = {
  help: HELP,
  async run(args, io) {
    const options = readOptions(args, io.env);
    const asked = await (options.wait === undefined ? ask(options) : askUntilGood(options, options.wait, io));
    const code = exitCode(asked, options);
    if (options.json) for (const { body } of asked.answers) io.stdout(`${body}\n`);
    else io.stdout(table(asked, io));
    for (const { component, problem } of asked.failures) {
      const about = component === undefined ? '' : `${printable(component)}: `;
      io.stderr(`jetstream-status: ${options.url}: ${about}${problem}\n`);
    }
    if (options.wait !== undefined && code !== EXIT.up) {
      io.stderr(`jetstream-status: not everything was good within ${options.wait.typed}\n`);
    }
    return code;
  },
};

function readOptions(args: readonly string[], env: Environment): Options {
  const { options, flags, words } = parseArguments(args, {
    values: ['url', 'wait', 'allow'],
    flags: ['json'],
    words: true,
  });
  const { allow, wait } = options;
  if (allow !== undefined && allow !== 'degraded')
    throw new UsageError('option --allow can only be degraded');
  const waitMs = wait === undefined ? undefined : parseDuration(wait);
  if (wait !== undefined && waitMs === undefined) {
    throw new UsageError('option --wait must be a time such as 30s, 5m or 1h');
  }
  if (words.includes('')) throw new UsageError('the id of a component is empty');
  return {
    url: options.url === undefined ? localUrl(env) : parseServiceUrl(options.url),
    components: [...new Set(words)],
    json: flags.has('json'),
    allowDegraded: allow === 'degraded',
    wait: wait === undefined || waitMs === undefined ? undefined : { ms: waitMs, typed: wait },
  };
}

function localUrl({ PORT: port = '' }: Environment): string {
  if (port === '') return 'http://127.0.0.1:8080';
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError('environment variable PORT is no port; say where the service is with --url');
  }
  return `http://127.0.0.1:${port}`;
}

async function ask({ url, components }: Options, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Asked> {
  return await askService({ url, components, timeoutMs });
}

/** The last answer: the first that is good, or what there was when time was up. */
async function askUntilGood(
  options: Options,
  { ms, typed }: NonNullable<Options['wait']>,
  io: CommandIo,
): Promise<Asked> {
  const { clock } = io;
  const startedAt = clock.now();
  const left = (): number => startedAt + ms - clock.now();
  const progress = createProgressLine(io.stderr, io.columns.stderr);
  for (;;) {
    const asked = await ask(
      options,
      Math.max(SHORTEST_TIMEOUT_MS, Math.min(REQUEST_TIMEOUT_MS, Math.round(left()))),
    );
    if (exitCode(asked, options) === EXIT.up || left() <= 0) {
      progress.clear();
      return asked;
    }
    const seconds = duration(Math.round((clock.now() - startedAt) / 1000));
    progress.show(whatHinders(asked), `waiting since ${seconds} of ${typed}`);
    await sleep(Math.max(0, Math.min(ASK_EVERY_MS, left())));
  }
}

/** The worst of everything that was said and not said. */
function exitCode({ answers, failures }: Asked, { allowDegraded }: Options): number {
  const codes = answers.flatMap(({ components, state }) => [
    // Whatever is allowed: that figures are old or missing is not what anybody means by degraded.
    state === 'fresh' ? EXIT.up : EXIT.degraded,
    ...components.map(({ status: said }) => (allowDegraded && said === 'degraded' ? EXIT.up : EXIT[said])),
  ]);
  return Math.max(EXIT.up, ...codes, ...failures.map(() => EXIT.unknown));
}

function rowsOf({ answers, failures }: Asked): TableRow[] {
  return [
    ...answers.flatMap(({ components }) => components.map(({ id, ...row }) => ({ component: id, ...row }))),
    ...failures.flatMap(({ component, problem }) =>
      component === undefined
        ? []
        : [{ component, status: 'unknown' as const, figures: undefined, detail: problem }],
    ),
  ];
}

function table(asked: Asked, { columns, env }: CommandIo): string {
  const rows = rowsOf(asked);
  if (rows.length === 0) return '';
  const colour = columns.stdout !== undefined && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return renderTable(rows, { colour }) + ageLine(asked);
}

/** How far the figures are to be trusted. */
function ageLine({ answers }: Asked): string {
  if (answers.length === 0) return '';
  if (answers.some(({ state }) => state === 'none')) return 'There are no figures yet.\n';
  const age = Math.max(...answers.map(({ ageSeconds }) => ageSeconds ?? Infinity));
  const read = Number.isFinite(age) ? `${duration(Math.floor(age))} ago` : 'at an unknown time';
  return answers.some(({ state }) => state === 'stale')
    ? `THE FIGURES ARE STALE: they were read ${read}.\n`
    : `The figures were read ${read}.\n`;
}

function whatHinders(asked: Asked): string {
  const notUp = rowsOf(asked)
    .filter(({ status: said }) => said !== 'up')
    .map(
      ({ component, status: said, detail }) => `${component} ${said}${detail === '' ? '' : ` (${detail})`}`,
    );
  const others = asked.failures.filter(({ component }) => component === undefined);
  const words = [...notUp, ...others.map(({ problem }) => problem)];
  return printable(words.length === 0 ? 'the figures are not fresh' : words.join(', '));
}
