import { parseArgs } from 'node:util';
import { natsBinaries } from '../support/nats-binary.js';
import type { Outcome } from './play.js';
import { atOnce, playRow } from './play.js';
import { DEFAULT_TIMES, SHORT_TIMES } from './row.js';
import type { Moment } from './row.js';
import { ROWS } from './rows/rows.js';

const HELP = `npm run chaos -- [--row 2 --row 5p ...] [--defaults] [--fresh] [--at-once N]
  --row       only these rows
  --defaults  with the default times of the service (poll.every 5s ...) instead of short ones
  --fresh     not also directly after another fault
  --at-once   rows played at the same time (default 4)
  --program   another program in the place of the service: test/faults/control/default-poller.mjs fails some rows
Servers: NATS_SERVER_BINS="2.9.10=/path 2.15.1=/path", else the one that is found.
`;

const { values } = parseArgs({
  options: {
    row: { type: 'string', multiple: true },
    defaults: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    program: { type: 'string' },
    'at-once': { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

// A reader that leaves must not leave servers behind.
process.stdout.on('error', () => undefined);
const binaries = natsBinaries();
const times = values.defaults ? DEFAULT_TIMES : SHORT_TIMES;
const rows = ROWS.filter(({ id }) => values.row?.includes(id) ?? true);
const playings = binaries.flatMap((binary) =>
  rows.flatMap((row) => {
    const variants = values.fresh || row.onlyFresh === true ? [false] : [false, true];
    return variants.map((afterAnother) => ({ row, binary, afterAnother }));
  }),
);
process.stdout.write(
  `${String(rows.length)} rows, ${binaries.map(({ version }) => version).join(', ') || 'no nats-server'}: ${String(playings.length)} playings\n`,
);

// What was started is ended.
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    process.stdout.write('ending what runs\n');
    interrupted.abort();
  });
}
const startedAt = performance.now();
const finished = await atOnce(playings, {
  signal: interrupted.signal,
  limit: Number(values['at-once']),
  async play({ row, ...playing }) {
    const outcome = await playRow(row, {
      ...{ ...playing, binaries, times },
      ...(values.program !== undefined && { program: values.program }),
    });
    process.stdout.write(`${lineOf(outcome)}\n`);
    return outcome;
  },
});

const outcomes = finished.flat();
const failed = outcomes.filter(({ error }) => error !== undefined);
const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined);
process.stdout.write(`
What was seen, in seconds from the beginning of the fault (recover: from its end), the longest of ${binaries.map(({ version }) => version).join(', ')}
row  fault                                              notice    dead recover  result
${rows.map((row) => summaryOf(outcomes.filter((outcome) => outcome.row === row))).join('\n')}
${String(outcomes.length - failed.length - skipped.length)} as required, ${String(failed.length)} failed, ${String(skipped.length)} not played, ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes
`);
process.exitCode = failed.length > 0 || outcomes.length === 0 ? 1 : 0;

function lineOf({ row, version, afterAnother, error, skipped: why }: Outcome): string {
  const how = afterAnother ? 'after another fault' : 'fresh';
  const result =
    why === undefined ? (error === undefined ? 'as required' : error.message) : `not played: ${why}`;
  return `${row.id.padEnd(4)} ${version.padEnd(8)} ${how.padEnd(20)} ${result}`;
}

function summaryOf(played: readonly Outcome[]): string {
  const [first] = played;
  const longest = (moment: Moment): string => {
    const seen = played.flatMap(({ moments }) => moments.get(moment) ?? []);
    return (seen.length === 0 ? '-' : (Math.max(...seen) / 1000).toFixed(1)).padStart(7);
  };
  const bad = played.filter(({ error }) => error !== undefined).length;
  const why = played.find((outcome) => outcome.skipped !== undefined)?.skipped;
  const result = bad > 0 ? `${String(bad)} of ${String(played.length)} FAILED` : (why ?? 'as required');
  return `${(first?.row.id ?? '').padEnd(4)} ${(first?.row.fault ?? '').slice(0, 49).padEnd(50)}${longest('notice')} ${longest('dead')} ${longest('recover')}  ${result}`;
}
