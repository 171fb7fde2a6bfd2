// `npm run bench:poll`: what a polling round costs, beside the bare list of the same consumers, against a real
// nats-server; and rounds against a cluster with a server killed and one stopped.
//   --consumers N,N,...   sizes; 10,1000,10000 by default (50000 takes another minute)
//   --rounds N            of each kind, 5 by default
//   --no-cluster, --only-cluster
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HOW_TO_INSTALL, provideNatsServer } from '../nats-server.mjs';
import { setUp } from '../setup.mjs';
import { startNats } from './nats.mjs';
import { benchCluster } from './poll/cluster.mjs';
import {
  allConsumersOf,
  consumersOf,
  createConsumers,
  makeBusy,
  STREAMS,
  streamName,
} from './poll/consumers.mjs';
import { measureMemoryOfHistory } from './poll/history.mjs';
import { measureRound, roundAfter } from './poll/rounds.mjs';
import { startPolling } from './poll/start-polling.mjs';
import { startProgram } from './processes.mjs';
import { judged, judgementCells, median, table, writeResults } from './report.mjs';
import { createStops } from './stops.mjs';

/** @typedef {import('./poll/rounds.mjs').RoundSample} RoundSample */

const { values } = parseArgs({
  options: {
    consumers: { type: 'string' },
    rounds: { type: 'string' },
    'no-cluster': { type: 'boolean' },
    'only-cluster': { type: 'boolean' },
  },
});
const SIZES = (values.consumers ?? '10,1000,10000').split(',').map(Number);
const ROUNDS = Math.max(5, Number(values.rounds ?? 5));
const WARM_UP_ROUNDS = 4;
/** Peak memory is judged there. */
const JUDGED_SIZE = 10_000;
const MB = 1e6;

const { stops, stopAll } = createStops();

/** @type {{ what: string, figures: Record<string, number>, ratio?: ReturnType<typeof judged>, against?: string }[]} */
const rows = [];
try {
  await bench();
} finally {
  await stopAll();
}

async function bench() {
  await setUp();
  const program = await provideNatsServer();
  if (program === undefined) throw new Error(HOW_TO_INSTALL);
  if (values['only-cluster'] !== true) {
    /** @type {Map<number, Awaited<ReturnType<typeof benchSize>>>} */
    const memory = new Map();
    for (const consumers of SIZES) {
      memory.set(consumers, await benchSize(program, consumers));
      await stopAll();
    }
    judgeMemory(memory);
    await benchIdle(program);
    await stopAll();
  }
  const cluster = values['no-cluster'] === true ? undefined : await benchCluster(program, say, stops);
  print(cluster);
  await writeResults('poll', { rounds: ROUNDS, rows, cluster });
}

/** @param {string} program @param {number} consumers */
async function benchSize(program, consumers) {
  say(`${count(consumers)} consumers: creating them`);
  const nats = await startNats(program);
  stops.push(nats.stop);
  await createConsumers(nats.url, { consumers });
  const everyMs = consumers > 10_000 ? 5000 : consumers > 1000 ? 2000 : 1000;
  const byName = (/** @type {number} */ stream) => consumersOf(stream, consumers);
  const named = { choose: byName, everyMs };
  const peakByName = consumers === JUDGED_SIZE ? await measurePeak(nats.url, named) : undefined;
  // Nobody names thousands.
  const service = await startPolling(
    nats.url,
    consumers < JUDGED_SIZE ? named : { choose: allConsumersOf, everyMs },
    stops,
  );
  const still = await startPolling(nats.url, { choose: byName, everyMs: 1_800_000 }, stops);
  const streams = Array.from({ length: STREAMS }, (_, index) => streamName(index));
  const list = await startProgram(new URL('poll/bare-list.mjs', import.meta.url), [nats.url, ...streams]);
  const load = await startProgram(new URL('load.mjs', import.meta.url));
  stops.push(list.stop, load.stop);
  const watched = { nats, service, still, list, load, everyMs };
  /** @type {{ name: string, bytes?: number }[]} */
  const works = [
    { name: 'idle' },
    { name: '10 % busy, 100 B', bytes: 100 },
    { name: '10 % busy, 100 kB', bytes: 100_000 },
  ];
  let memory = { rss: 0, heapUsed: 0, peakRss: 0, peakByName };
  for (const { name, bytes } of works) {
    say(`${count(consumers)} consumers, ${name}`);
    const busy = bytes === undefined ? 0 : await makeBusy(nats.url, { consumers, bytes });
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      await measureRound(watched);
      for (const aged of [service, still, list]) await aged.collect();
    }
    /** @type {RoundSample[]} */
    const samples = [];
    for (let round = 0; round < ROUNDS; round++) samples.push(await measureRound(watched));
    judgeRounds(`${count(consumers)}, ${name}`, samples, { consumers, busy });
    if (bytes === undefined) {
      await service.collect();
      memory = { ...(await service.usage()), peakByName };
    }
  }
  return memory;
}

/**
 * Peak RSS after some rounds, and once it listens: by then nothing is polled, but the configuration is read.
 *
 * @param {string} natsUrl @param {Parameters<typeof startPolling>[1]} options
 */
async function measurePeak(natsUrl, options) {
  const service = await startPolling(natsUrl, options, stops);
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) await roundAfter(service.port, Date.now());
  const { peakRss } = await service.usage();
  await service.stop();
  return { peakRss, whenListening: service.peakWhenListening };
}

/**
 * @param {string} name @param {readonly RoundSample[]} samples
 * @param {{ consumers: number, busy: number }} size
 */
function judgeRounds(name, samples, { consumers, busy }) {
  const isIdle = busy === 0;
  const isLarge = consumers >= 1000;
  const ratios = (/** @type {(sample: RoundSample) => number} */ ratio) => samples.map(ratio);
  const figures = (
    /** @type {(sample: RoundSample) => number} */ ours,
    /** @type {(sample: RoundSample) => number} */ theirs,
  ) => ({
    service: median(samples.map(ours)),
    list: median(samples.map(theirs)),
  });
  /** @param {string} what @param {(sample: RoundSample) => number} ours @param {(sample: RoundSample) => number} theirs @param {number} [goal] */
  const against = (what, ours, theirs, goal) => {
    rows.push({
      what: `${name}: ${what}`,
      figures: figures(ours, theirs),
      against: 'bare list',
      ratio: judged(
        ratios((sample) => ours(sample) / theirs(sample)),
        goal,
      ),
    });
  };
  /** @param {string} what @param {(sample: RoundSample) => number} ours @param {number} [goal] */
  const alone = (what, ours, goal) => {
    rows.push({ what: `${name}: ${what}`, figures: {}, ratio: judged(ratios(ours), goal) });
  };
  against(
    'client CPU ms',
    ({ service }) => service.cpuMs,
    ({ list }) => list.cpuMs,
    isIdle && isLarge ? 1.6 : undefined,
  );
  if (consumers === 10) alone('client CPU ms', ({ service }) => service.cpuMs, 8);
  against(
    'server CPU ms',
    ({ service }) => service.serverMs,
    ({ list }) => list.serverMs,
    isIdle && isLarge ? 1.2 : undefined,
  );
  against(
    'wall ms',
    ({ wallMs }) => wallMs,
    ({ list }) => list.wallMs,
    isIdle && consumers >= 10_000 ? 2 : undefined,
  );
  rows.push({
    what: `${name}: requests`,
    figures: figures(
      ({ service }) => service.requests,
      ({ list }) => list.requests,
    ),
    against: 'list + one per busy',
    ratio: judged(
      ratios(({ service, list }) => service.requests / (list.requests + busy)),
      1,
    ),
  });
  against(
    'kB',
    ({ service }) => service.bytes / 1000,
    ({ list }) => list.bytes / 1000,
  );
  alone('longest stall ms', ({ stallMs }) => stallMs, 10);
  /** @param {string} what @param {(sample: RoundSample) => number} p99 @param {number} [goal] */
  const againstQuiet = (what, p99, goal) => {
    rows.push({
      what: `${name}: ${what}`,
      figures: { service: median(samples.map(p99)), list: median(samples.map(({ p99Still }) => p99Still)) },
      against: 'not polling',
      ratio: judged(
        ratios((sample) => p99(sample) / sample.p99Still),
        goal,
      ),
    });
  };
  againstQuiet('HTTP p99 ms', ({ p99 }) => p99, consumers >= 10_000 ? 2 : undefined);
  againstQuiet('HTTP p99 ms of one beside it', ({ p99Beside }) => p99Beside);
}

/** @param {ReadonlyMap<number, Awaited<ReturnType<typeof benchSize>>>} bySize */
function judgeMemory(bySize) {
  const small = bySize.get(10);
  const large = bySize.get(JUDGED_SIZE);
  if (small !== undefined) judgeValue('RSS MB at 10, after requests', small.rss / MB, 80);
  if (large !== undefined) judgeValue('peak RSS MB at 10,000', large.peakRss / MB, 130);
  if (large?.peakByName !== undefined) {
    const { whenListening, peakRss } = large.peakByName;
    judgeValue('peak RSS MB at 10,000, each named in the file', peakRss / MB, 130);
    judgeValue('the same, once it listens', whenListening / MB);
  }
  if (small !== undefined && large !== undefined) {
    const perConsumer = (large.heapUsed - small.heapUsed) / (10_000 - 10) / 1000;
    judgeValue('heap kB per consumer', perConsumer, 5);
  }
}

/** As it is configured without further words: 10 consumers every 5 s. @param {string} program */
async function benchIdle(program) {
  say('ten consumers every 5 s, left alone for 20 s');
  const nats = await startNats(program);
  stops.push(nats.stop);
  await createConsumers(nats.url, { consumers: 10 });
  const choose = (/** @type {number} */ stream) => consumersOf(stream, 10);
  const service = await startPolling(nats.url, { choose, everyMs: 5000 }, stops);
  // The code is compiled and the heap has settled by then.
  await sleep(25_000);
  const before = await service.usage();
  const startedAt = performance.now();
  await sleep(20_000);
  const { cpuMs, rss } = await service.usage();
  const share = ((cpuMs - before.cpuMs) / (performance.now() - startedAt)) * 100;
  judgeValue('idle at 10 every 5 s: % of a core', share, 0.3);
  judgeValue('idle at 10 every 5 s: RSS MB', rss / MB, 80);
  judgeValue('history kB per component, 720 samples', await measureMemoryOfHistory(), 20);
}

/** @param {string} what @param {number} value @param {number} [goal] */
function judgeValue(what, value, goal) {
  rows.push({ what, figures: {}, ratio: judged([value], goal) });
}

/** @param {Awaited<ReturnType<typeof benchCluster>> | undefined} cluster */
function print(cluster) {
  const number = (/** @type {number | undefined} */ value) =>
    value === undefined ? '' : value.toFixed(value < 100 ? 1 : 0);
  const cells = rows.map(({ what, figures, against = '', ratio }) => [
    ...[what, number(figures.service), against === '' ? '' : number(figures.list), against],
    ...(ratio === undefined ? [] : judgementCells(ratio)),
  ]);
  if (cells.length > 0) {
    process.stdout.write(`\nPer round, median of ${ROUNDS} interleaved rounds, aged processes\n\n`);
    process.stdout.write(
      `${table(['consumers, work: what', 'service', 'reference', 'against', 'ratio or value', 'goal', ''], cells)}\n`,
    );
  }
  if (cluster !== undefined) {
    process.stdout.write(`\nCluster of three, 1,000 consumers with 3 replicas, a round every 5 s\n\n`);
    process.stdout.write(`${table(cluster.head, cluster.cells)}\n`);
  }
  const missed = rows.filter(({ ratio }) => ratio?.met === false).length + (cluster?.missed ?? 0);
  process.stdout.write(missed === 0 ? '\nevery goal is met\n' : `\n${missed} goals are missed\n`);
}

/** @param {number} value */
function count(value) {
  return value.toLocaleString('en');
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
