import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { cutConsumerList } from '../../src/jetstream/consumer-page.js';
import type { PageMemory } from '../../src/jetstream/page-memory.js';
import { createPageMemory } from '../../src/jetstream/page-memory.js';
import type { ListEntry } from '../support/list-entry.js';
import { readListEntries } from '../support/list-entry.js';
import { createRandom, randomSeed } from '../support/random.js';

const TIME = '2026-01-01T00:00:00.123456789Z';

function anEntry(name: string, changes: ListEntry = {}): ListEntry {
  return { stream_name: 'S', name, config: {}, num_pending: 0, ts: TIME, ...changes };
}

describe('an entry that says the same', () => {
  let memory: PageMemory<string>;
  let round = 0;
  beforeEach(() => {
    memory = createPageMemory<string>();
    round = 0;
  });

  /** What each entry left in the round before, where it is known to say the same. */
  function read(consumers: readonly ListEntry[], { stream = 'S', offset = 0 } = {}): (string | undefined)[] {
    const answer = Buffer.from(JSON.stringify({ total: consumers.length, consumers }));
    const kept: (string | undefined)[] = [];
    round += 1;
    memory.read({ stream, offset }, cutConsumerList(answer).entries, (index, known) => {
      kept.push(known);
      return `${String(index)} of round ${String(round)}`;
    });
    // The client uses its buffer again.
    answer.fill(0);
    return kept;
  }

  test('is known from the second round on, with what it left last', () => {
    const consumers = [anEntry('a'), anEntry('b')];
    expect(read(consumers)).toEqual([undefined, undefined]);
    expect(read(consumers)).toEqual(['0 of round 1', '1 of round 1']);
    expect(read(consumers)).toEqual(['0 of round 2', '1 of round 2']);
  });

  test.each(['2026-01-01T00:00:01.5Z', '2026-01-01T00:00:01Z', '2026-01-01T02:00:01.123456789+02:00'])(
    'may come at another time: %s',
    (ts) => {
      read([anEntry('a')]);
      expect(read([anEntry('a', { ts })])).toEqual(['0 of round 1']);
      expect(read([anEntry('a')])).toEqual(['0 of round 2']);
    },
  );

  test.each<[string, ListEntry]>([
    ['a time that is none', { ts: 'now' }],
    ['an empty time', { ts: '' }],
    ['a time and more', { ts: `${TIME}","num_pending":"1` }],
    ['no time', { ts: undefined }],
    ['another figure', { num_pending: 1 }],
    ['another name', { name: 'b' }],
    ['something after the time', { paused: true }],
  ])('%s is something new', (_, changes) => {
    read([anEntry('a')]);
    expect(read([anEntry('a', changes)])).toEqual([undefined]);
  });

  test('servers before 2.10 send no time', () => {
    read([anEntry('a', { ts: undefined })]);
    expect(read([anEntry('a', { ts: undefined })])).toEqual(['0 of round 1']);
    expect(read([anEntry('a', { ts: undefined, num_pending: 12 })])).toEqual([undefined]);
    expect(read([anEntry('a')])).toEqual([undefined]);
  });

  test('is known beside others that change, come and go', () => {
    read([anEntry('a'), anEntry('b'), anEntry('c')]);
    expect(read([anEntry('a'), anEntry('b', { num_pending: 10 }), anEntry('c')])).toEqual([
      '0 of round 1',
      undefined,
      '2 of round 1',
    ]);
    expect(read([anEntry('a')])).toEqual(['0 of round 2']);
    expect(read([anEntry('a'), anEntry('b')])).toEqual(['0 of round 3', undefined]);
    expect(read([])).toEqual([]);
    expect(read([anEntry('a')])).toEqual([undefined]);
  });

  test('is known on its own page of its own stream only, as long as the stream is watched', () => {
    read([anEntry('a')]);
    expect(read([anEntry('a')], { offset: 256 })).toEqual([undefined]);
    expect(read([anEntry('a')], { stream: 'T' })).toEqual([undefined]);
    memory.keepOnly(new Set(['T']));
    expect(read([anEntry('a')])).toEqual([undefined]);
    expect(read([anEntry('a')], { stream: 'T' })).toEqual(['0 of round 3']);
  });

  test('what cannot be taken leaves nothing of its page behind', () => {
    const [before, now] = [
      [anEntry('a'), anEntry('b')],
      [anEntry('a', { num_pending: 1 }), anEntry('b')],
    ];
    read(before);
    const { entries } = cutConsumerList(Buffer.from(JSON.stringify({ total: 2, consumers: now })));
    const fail = (index: number): string => {
      if (index === 1) throw new Error('cannot be taken');
      return 'of the round that failed';
    };
    expect(() => {
      memory.read({ stream: 'S', offset: 0 }, entries, fail);
    }).toThrow('cannot be taken');
    expect(read(before)).toEqual([undefined, undefined]);
  });

  test('a time without an end is none', () => {
    const answer = (digits: string): Buffer =>
      Buffer.from(`{"total":1,"consumers":[{"stream_name":"S","ts":"${digits}}]}`);
    const readBytes = (bytes: Buffer): (string | undefined)[] => {
      const kept: (string | undefined)[] = [];
      memory.read({ stream: 'S', offset: 0 }, cutConsumerList(bytes).entries, (_, known) => {
        kept.push(known);
        return 'something';
      });
      return kept;
    };
    expect(() => [readBytes(answer('1')), readBytes(answer('1'.repeat(50)))]).not.toThrow();
    expect(readBytes(answer('1'))).toEqual([undefined]);
  });

  test('whatever changes in answers of real servers is seen', async () => {
    const seed = Number(process.env.FUZZ_SEED ?? randomSeed());
    const random = createRandom(seed);
    const entries = await readListEntries();
    const wrong: unknown[] = [];
    let [known, changed] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      const before = random.pick(entries);
      const now = mutatedText(random.next() < 0.5 ? before : random.pick(entries), random.below(2), random);
      if (now === undefined) continue;
      memory = createPageMemory<string>();
      read([before]);
      const isKnown = read([now])[0] !== undefined;
      const isSame = isDeepStrictEqual({ ...before, ts: '' }, { ...now, ts: '' });
      // One may look new and be the same, written differently; never the other way round.
      if (isKnown && !isSame) wrong.push([before, now]);
      if (isKnown) known += 1;
      else changed += 1;
    }
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    expect(known).toBeGreaterThan(3000);
    expect(changed).toBeGreaterThan(3000);
  });
});

/** An entry with some of its bytes replaced; undefined when it is no JSON object any more. */
function mutatedText(
  info: ListEntry,
  mutations: number,
  random: ReturnType<typeof createRandom>,
): ListEntry | undefined {
  const bytes = Buffer.from(JSON.stringify(info));
  for (let i = 0; i < mutations; i++) {
    bytes[random.below(bytes.length)] = random.pick([...Buffer.from('0123456789abcTZ:-.",{} ')]);
  }
  try {
    return JSON.parse(bytes.toString()) as ListEntry;
  } catch {
    return undefined;
  }
}
