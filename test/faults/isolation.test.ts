import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerId } from '../../src/health/consumer-reading.js';
import { consumerInfo } from '../support/consumer-info.js';
import type { FakeAnswer } from '../support/fake-nats.js';
import { startFakeNats } from '../support/fake-nats.js';
import { paced, pacedInterval } from '../support/pace.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';
import { pollOf } from './platform.js';
import type { Times } from './row.js';
import type { Watch } from './watch.js';
import { startWatch } from './watch.js';

type Api = 'INFO' | 'LIST' | 'GET';

/** What is wrong with some streams; everything else is right. */
interface Fault {
  readonly fault: string;
  /** The streams it is about: watched as the component `broken`, which is asked about first. */
  readonly streams: readonly string[];
  readonly consumersEach: number;
  /** Whether they are watched by a pattern. */
  readonly byPattern?: true;
  readonly haveWork?: true;
  readonly touches: readonly Api[];
  readonly answer: FakeAnswer;
}

const MANY_STREAMS = Array.from({ length: 10 }, (_, index) => `BROKEN${String(index)}`);
const SILENT = { answer: undefined };

const FAULTS: readonly Fault[] = [
  {
    ...{ fault: 'one consumer never answers', streams: ['BROKEN'], consumersEach: 1 },
    ...{ touches: ['INFO'], ...SILENT },
  },
  {
    ...{ fault: 'forty consumers of a stream never answer', streams: ['BROKEN'], consumersEach: 40 },
    ...{ touches: ['INFO'], ...SILENT },
  },
  {
    ...{ fault: 'sixty consumers of a stream that others share never answer', streams: ['SINGLY'] },
    ...{ consumersEach: 60, touches: ['INFO'], ...SILENT },
  },
  {
    ...{ fault: 'three hundred consumers of ten streams never answer', streams: MANY_STREAMS },
    ...{ consumersEach: 30, touches: ['INFO'], ...SILENT },
  },
  {
    ...{ fault: 'ten streams of many consumers answer neither a list nor a question', streams: MANY_STREAMS },
    ...{ consumersEach: 64, touches: ['LIST', 'INFO'], ...SILENT },
  },
  {
    ...{ fault: 'ten streams of many consumers never give a message', streams: MANY_STREAMS },
    ...{ consumersEach: 64, haveWork: true, touches: ['GET'], ...SILENT },
  },
  {
    ...{ fault: 'a stream of forty consumers never gives a message', streams: ['BROKEN'], consumersEach: 40 },
    ...{ haveWork: true, touches: ['GET'], ...SILENT },
  },
  {
    ...{
      fault: 'five streams watched by pattern never answer',
      streams: MANY_STREAMS.slice(5),
      consumersEach: 30,
    },
    ...{ byPattern: true, touches: ['LIST', 'INFO'], ...SILENT },
  },
  {
    ...{ fault: 'three hundred consumers answer with garbage', streams: MANY_STREAMS, consumersEach: 64 },
    ...{ haveWork: true, touches: ['LIST', 'INFO', 'GET'], answer: '{"num_pending":-1}' },
  },
];

/**
 * Rounds that wait for silence last nine tenths of an interval: on two busy cores a tenth must be longer than a tick is
 * late, else a round is left out and all figures are an interval older.
 */
const TIMES: Times = {
  every: pacedInterval(3000),
  timeout: paced(1200),
  staleAfter: paced(15_000),
  deadAfter: paced(30_000),
  startGrace: paced(6000),
};

/** Components that nothing is wrong with, in every way of reading consumers. */
const OTHERS = ['singly', 'listed', 'found'];
const CONSUMERS = new Map<string, readonly string[]>([
  ['SINGLY', names(3)],
  ['LISTED', names(64)],
  ['FOUND', names(3)],
]);
/** An interval between two rounds, nearly another one that a round may take, and what a busy machine adds. */
const OLDEST_SECONDS = (2.5 * TIMES.every) / 1000;

function names(count: number, prefix = 'c'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);
}

interface Stage {
  readonly service: RunningService;
  readonly watch: Watch;
  readonly breakIt: () => void;
}

async function withStage(
  fault: Fault,
  { isBroken }: { readonly isBroken: boolean },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = { isBroken };
  const fake = await startFakeNats({
    answer(subject, payload) {
      const { api, stream, consumer } = questionOf(subject);
      if (api === undefined) return JSON.stringify({ total: 0, streams: null });
      const isBroken = fault.streams.includes(stream) && (api !== 'INFO' || consumer.startsWith('broken'));
      const isTouched = isBroken && fault.touches.includes(api);
      return stage.isBroken && isTouched
        ? fault.answer
        : rightAnswer(fault, api, { stream, consumer }, payload);
    },
  });
  const service = await startService({
    nats: { url: fake.url },
    poll: pollOf(TIMES),
    components: {
      broken: {
        consumers: fault.streams.flatMap((stream) =>
          (fault.byPattern === true ? ['*'] : names(fault.consumersEach, 'broken')).map((consumer) => ({
            stream,
            consumer,
          })),
        ),
      },
      singly: { consumers: names(3).map((consumer) => ({ stream: 'SINGLY', consumer })) },
      listed: { consumers: names(64).map((consumer) => ({ stream: 'LISTED', consumer })) },
      found: { consumers: [{ stream: 'FOUND', consumer: '*' }] },
    },
  });
  const watch = startWatch(service, ['broken', ...OTHERS]);
  try {
    await act({
      service,
      watch,
      breakIt() {
        stage.isBroken = true;
      },
    });
  } finally {
    await watch.stop();
    await service.stop();
    await fake.stop();
  }
}

function questionOf(subject: string): ConsumerId & { readonly api: Api | undefined } {
  const [, api, stream = '', consumer = ''] =
    /^\$JS\.API\.(?:CONSUMER|STREAM\.MSG)\.(INFO|LIST|GET)\.(\w+)(?:\.(\w+))?$/.exec(subject) ?? [];
  return { api: api as Api | undefined, stream, consumer };
}

function rightAnswer(fault: Fault, api: Api, { stream, consumer }: ConsumerId, payload: string): string {
  const isBroken = fault.streams.includes(stream);
  const hasWork = isBroken ? fault.haveWork === true : true;
  const work = { num_pending: 2, num_ack_pending: 1, delivered: { consumer_seq: 2, stream_seq: 2 } };
  const info = (name: string): object => {
    const answer = consumerInfo(
      { stream, consumer: name },
      { cluster: { leader: 'n1' }, ...(hasWork ? work : {}) },
    );
    // Of its own, so that each has a message of its own to ask for.
    return { ...answer, config: { ...(answer.config as object), filter_subject: name } };
  };
  if (api === 'INFO') return JSON.stringify(info(consumer));
  if (api === 'LIST') {
    const all = isBroken ? names(fault.consumersEach, 'broken') : (CONSUMERS.get(stream) ?? []);
    return JSON.stringify({ total: all.length, offset: 0, limit: 256, consumers: all.map(info) });
  }
  const { seq } = JSON.parse(payload) as { seq: number };
  return JSON.stringify({ message: { subject: 'x', seq, data: '', time: new Date().toISOString() } });
}

function assertUntouched(watch: Watch, since: number): void {
  for (const id of OTHERS) {
    const samples = watch.samples(id).filter(({ askedAt }) => askedAt >= since);
    expect(samples.length).toBeGreaterThan(5);
    const touched = samples.filter(
      ({ status, state, age }) =>
        status !== 'up' || state !== 'fresh' || age > OLDEST_SECONDS + watch.ownLagMs() / 1000,
    );
    expect([id, touched[0]]).toEqual([id, undefined]);
  }
  expect(watch.probeFailures()).toEqual([]);
}

test.concurrent.each(FAULTS.map((fault) => [fault.fault, fault] as const))(
  '%s: only their component ages',
  async (_, fault) => {
    await withStage(fault, { isBroken: false }, async ({ service, watch, breakIt }) => {
      for (const id of ['broken', ...OTHERS]) await service.until(id, ({ status }) => status === 'up');
      const since = performance.now();
      breakIt();
      await watch.until('broken', ({ state }) => state === 'stale', {
        since,
        withinMs: TIMES.staleAfter + 2 * TIMES.every,
      });
      assertUntouched(watch, since);
    });
  },
  60_000,
);

test.concurrent.each(FAULTS.map((fault) => [fault.fault, fault] as const))(
  '%s from the start: the others are known as soon as ever',
  async (_, fault) => {
    await withStage(fault, { isBroken: true }, async ({ service, watch }) => {
      const { every, startGrace } = TIMES;
      await Promise.all(
        OTHERS.map((id) =>
          service.until(id, ({ status }) => status === 'up', { withinMs: startGrace + 2 * every }),
        ),
      );
      const since = performance.now();
      await service.until('broken', ({ status }) => status === 'down');
      await sleep(4 * every);
      assertUntouched(watch, since);
      expect(watch.samples('broken').filter(({ status }) => status === 'up')).toEqual([]);
    });
  },
  60_000,
);
