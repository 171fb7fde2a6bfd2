import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'nats';
import type { NatsConnection } from 'nats';
import type { ConsumerInfo } from '../../src/jetstream/consumer-info.js';
import { decodeConsumerInfo } from '../../src/jetstream/consumer-info.js';
import type { FirstMatch, OldestMemory } from '../../src/jetstream/oldest-unacked.js';
import { findOldestUnacked } from '../../src/jetstream/oldest-unacked.js';
import { parseServerTime } from '../../src/jetstream/server-time.js';
import { eventually } from '../support/eventually.js';
import { describeWithNats, isAtLeast } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import { paced } from '../support/pace.js';
import { createRandom } from '../support/random.js';
import type { RandomConsumer } from './random-consumer.js';
import { ask, createRandomConsumer } from './random-consumer.js';

const STATES = Number(process.env.OLDEST_STATES ?? 2000);
const SEED = Number(process.env.OLDEST_SEED ?? 20_260_101);
const STATES_PER_CONSUMER = 8;
const AT_ONCE = 12;

/** How often each rule named another message than the oldest that is neither acknowledged nor gone. */
interface Tally {
  states: number;
  busy: number;
  wrong: string[];
  /** The first match above the ack floor. */
  aboveFloorWrong: number;
  /** The very sequence after the ack floor. */
  nextSequenceWrong: number;
}

describeWithNats('the oldest unacknowledged message of random consumers', (binary) => {
  let server: NatsServer;
  let nc: NatsConnection;

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin });
    nc = await connect({ servers: server.url });
  });
  afterAll(async () => {
    await nc.close();
    await server.stop();
  });

  test(`${String(STATES)} states, seed ${String(SEED)}: never another one`, async () => {
    const tally: Tally = { states: 0, busy: 0, wrong: [], aboveFloorWrong: 0, nextSequenceWrong: 0 };
    let next = 0;
    const work = async (): Promise<void> => {
      while (tally.states < STATES) await walk(nc, next++, tally);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(tally.wrong).toEqual([]);
    expect(tally.busy).toBeGreaterThan(STATES / 2);
    // Otherwise these states ask for nothing that the obvious rules do not know.
    expect(tally.nextSequenceWrong).toBeGreaterThan(0);
    // From 2.11 on the floor of a fresh consumer of one replica stands right below its beginning.
    if (!isAtLeast(binary, '2.11')) expect(tally.aboveFloorWrong).toBeGreaterThan(0);
  }, 120_000);

  async function walk(connection: NatsConnection, index: number, tally: Tally): Promise<void> {
    const random = createRandom(SEED + index);
    const stream = `R${String(index)}`;
    const consumer = await createRandomConsumer(connection, {
      stream,
      random,
      is29: !isAtLeast(binary, '2.10'),
      clampsStart: !isAtLeast(binary, '2.11'),
    });
    let memory: OldestMemory | undefined;
    for (let state = 0; state < STATES_PER_CONSUMER; state++) {
      const info = await settledInfo(connection, stream, consumer);
      const truth = consumer.outstanding()[0];
      const firstMatch = firstMatchOf(connection, info);
      const where = `seed ${String(SEED)} ${stream} state ${String(state)} ${consumer.policy} [${consumer.filters.join(' ')}]`;
      const fresh = (await findOldestUnacked(info, undefined, firstMatch)).oldest?.seq;
      const remembered = await findOldestUnacked(info, memory, firstMatch);
      ({ memory } = remembered);
      tally.states += 1;
      if (truth !== undefined) tally.busy += 1;
      for (const [rule, found] of [
        ['fresh', fresh],
        ['remembered', remembered.oldest?.seq],
      ] as const) {
        if (!isRight(consumer, { rule, found, truth })) {
          tally.wrong.push(`${where}: ${rule} ${String(found)}, true ${String(truth)}`);
        }
      }
      if (truth !== undefined) {
        const aboveFloor = info.reading.ackFloor.streamSeq + 1;
        if (aboveFloor !== truth) tally.nextSequenceWrong += 1;
        if ((await firstMatch(aboveFloor))?.seq !== truth) tally.aboveFloorWrong += 1;
      }
      for (let steps = 1 + random.below(3); steps > 0; steps--) await consumer.step(random);
    }
    await consumer.remove();
  }
});

/**
 * A `last` consumer whose first message was deleted in flight looks like one that has it: with nothing remembered, the
 * age is an upper bound then.
 */
function isRight(
  { policy }: RandomConsumer,
  { rule, found, truth }: { rule: string; found: number | undefined; truth: number | undefined },
): boolean {
  if (found === truth) return true;
  return policy === 'last' && rule === 'fresh' && found !== undefined && truth !== undefined && found < truth;
}

/** The consumer's info once the server counts what the test knows; deletions reach it a little later. */
async function settledInfo(
  nc: NatsConnection,
  stream: string,
  consumer: RandomConsumer,
): Promise<ConsumerInfo> {
  const inFlight = consumer.inFlight();
  const pending = consumer.outstanding().length - inFlight;
  let last: ConsumerInfo | undefined;
  return await eventually(
    async () => {
      last = decodeConsumerInfo(await ask(nc, `CONSUMER.INFO.${stream}.c`), Date.now());
      return last?.reading.pending === pending && last.reading.ackPending === inFlight ? last : undefined;
    },
    { withinMs: paced(5000), everyMs: 5 },
  ).catch((cause: unknown) => {
    const truth = `${String(pending)} pending, ${String(inFlight)} in flight, ${String(consumer.outstanding())}`;
    const said = `${consumer.policy} [${consumer.filters.join(' ')}] ${JSON.stringify(last)}`;
    throw new Error(`seed ${String(SEED)} ${stream}: not ${truth}, says the server: ${said}`, { cause });
  });
}

function firstMatchOf(nc: NatsConnection, { id, filters }: ConsumerInfo): FirstMatch {
  return async (seq) => {
    const matches = await Promise.all(
      filters.map(async (filter) => {
        const answer = await ask(nc, `STREAM.MSG.GET.${id.stream}`, { seq, next_by_subj: filter }).catch(
          (error: unknown) => {
            if (String(error).includes('no message found')) return undefined;
            throw error;
          },
        );
        if (answer === undefined) return undefined;
        const { message } = answer as { message: { seq: number; time: string } };
        return { seq: message.seq, time: parseServerTime(message.time) ?? 0n };
      }),
    );
    return matches.reduce((a, b) => (a === undefined || (b !== undefined && b.seq < a.seq) ? b : a));
  };
}
