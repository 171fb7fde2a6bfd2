import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ConsumerId, Observation } from '../../src/health/consumer-reading.js';
import { createJetStreamApi } from '../../src/jetstream/api.js';
import { createConsumerReader } from '../../src/jetstream/consumer-reader.js';
import { consumerInfo } from '../support/consumer-info.js';
import type { ListEntry } from '../support/list-entry.js';
import { listEntry } from '../support/list-entry.js';

const NAMES = Array.from({ length: 100 }, (_, index) => `c${String(index)}`);
const idsOf = (names: readonly string[]): ConsumerId[] =>
  names.map((consumer) => ({ stream: 'S', consumer }));

/** Lists that no server was seen to give, or cannot be made to give in time; the rest is shown against real servers. */
describe('a round by list', () => {
  let now: number;
  let list: readonly ListEntry[];
  let asked: string[];
  let readRound: (ids: readonly ConsumerId[]) => Promise<Map<string, Observation[]>>;

  beforeEach(() => {
    now = 0;
    list = NAMES.map((name) => listEntry(name));
    asked = [];
    const api = createJetStreamApi({
      connection: {
        request(subject) {
          const name = subject.split('.').at(-1) ?? '';
          if (!subject.includes('.LIST.')) asked.push(name);
          const answer = subject.includes('.LIST.')
            ? { total: list.length, consumers: list }
            : consumerInfo({ stream: 'S', consumer: name }, { num_waiting: 1 });
          return Promise.resolve(Buffer.from(JSON.stringify(answer)));
        },
      },
      nats: {},
      onResult: () => undefined,
    });
    const read = createConsumerReader({
      api,
      givenUp: { watch: () => undefined, has: () => false, standsBetween: () => false },
      clock: { now: () => now, wall: () => now, steadyWall: () => now },
      timeoutMs: 1000,
    });
    readRound = async (ids) => {
      now += 5000;
      asked = [];
      const reported = new Map<string, Observation[]>();
      await read(ids, {
        deadline: now + 4000,
        report(index, observation) {
          const name = ids[index]?.consumer ?? '';
          reported.set(name, [...(reported.get(name) ?? []), observation]);
        },
      });
      return reported;
    };
  });

  test('tells of each consumer once, at the moment of this round, also when nothing is new', async () => {
    const ids = idsOf(NAMES);
    for (const at of [5000, 10_000, 15_000]) {
      const reported = await readRound(ids);
      expect([...reported.keys()].sort()).toEqual([...NAMES].sort());
      for (const observations of reported.values()) {
        expect(observations).toMatchObject([{ outcome: 'reading', askedAt: at }]);
      }
      expect(asked).toEqual([]);
    }
  });

  test('believes the first of two entries of one name, and asks for the consumer that has none', async () => {
    list = NAMES.map((name) =>
      listEntry(name === 'c7' ? 'c6' : name, name === 'c7' ? { num_waiting: 9 } : {}),
    );
    const ids = idsOf(NAMES);
    for (let round = 0; round < 3; round++) {
      const reported = await readRound(ids);
      expect(reported.get('c6')).toMatchObject([{ reading: { waitingPulls: 3 } }]);
      expect(reported.get('c7')).toMatchObject([{ reading: { waitingPulls: 1 } }]);
      expect(asked).toContain('c7');
      expect(reported.size).toBe(NAMES.length);
    }
  });

  test('follows another choice of consumers over the same list', async () => {
    await readRound(idsOf(NAMES));
    const chosen = NAMES.slice(20);
    expect([...(await readRound(idsOf(chosen))).keys()].sort()).toEqual([...chosen].sort());
    const again = await readRound(idsOf(NAMES));
    expect([...again.keys()].sort()).toEqual([...NAMES].sort());
    for (const observations of again.values()) {
      expect(observations).toMatchObject([{ outcome: 'reading', askedAt: 15_000 }]);
    }
  });
});
