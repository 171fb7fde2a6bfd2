import type { ConsumerInfo } from '../../src/jetstream/consumer-info.js';
import type { Random } from '../support/random.js';
import { createRandom } from '../support/random.js';

const MOST_MUTATIONS = 4;

export interface DecoderReport {
  readonly inputs: number;
  /** Decoded in spite of the mutation: it hit something that nobody reads, or made another valid answer. */
  readonly accepted: number;
  readonly violations: readonly string[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Mutates real answers and decodes them. Half are mutated as JSON trees, half as text, which mostly breaks the JSON
 * and else makes things that no tree mutation thinks of.
 */
export function fuzzDecoder(
  decode: (value: unknown, wallMs: number) => ConsumerInfo | undefined,
  { fixtures, count, seed }: { fixtures: readonly string[]; count: number; seed: number },
): DecoderReport {
  const random = createRandom(seed);
  const violations: string[] = [];
  let accepted = 0;
  for (let i = 0; i < count && violations.length < 10; i++) {
    const text = random.pick(fixtures);
    const value = random.next() < 0.5 ? mutatedTree(text, random) : mutatedText(text, random);
    try {
      const info = decode(value, 1_767_225_600_000);
      if (info !== undefined) {
        accepted += 1;
        violations.push(...problemsOf(info).map((problem) => `${problem}: ${JSON.stringify(value)}`));
      }
    } catch (error) {
      violations.push(`threw ${String(error)}: ${JSON.stringify(value)}`);
    }
  }
  return { inputs: count, accepted, violations };
}

/** All numbers that leave the decoder: counts are exact whole numbers, durations finite; none is negative. */
export function problemsOf({ reading, id, filters, startSequence, maxDeliver }: ConsumerInfo): string[] {
  const counts: Record<string, number | undefined> = {
    waitingPulls: reading.waitingPulls,
    pending: reading.pending,
    ackPending: reading.ackPending,
    redelivered: reading.redelivered,
    'delivered.consumerSeq': reading.delivered.consumerSeq,
    'delivered.streamSeq': reading.delivered.streamSeq,
    'ackFloor.consumerSeq': reading.ackFloor.consumerSeq,
    'ackFloor.streamSeq': reading.ackFloor.streamSeq,
    // Infinity is how it says that there is no limit.
    maxAckPending: reading.maxAckPending === Infinity ? undefined : reading.maxAckPending,
    startSequence,
    maxDeliver,
  };
  const durations: Record<string, number | undefined> = {
    ackWaitMs: reading.ackWaitMs,
    'delivered.lastActiveAgoMs': reading.delivered.lastActiveAgoMs,
    'ackFloor.lastActiveAgoMs': reading.ackFloor.lastActiveAgoMs,
  };
  const texts = [id.stream, id.consumer, reading.created, ...filters];
  return [
    ...namesWhere(counts, (value) => !Number.isSafeInteger(value) || value < 0),
    ...namesWhere(durations, (value) => !Number.isFinite(value) || value < 0),
    ...(texts.every((text) => typeof text === 'string' && text !== '') ? [] : ['a name is no text']),
    ...(typeof reading.pushBound === 'boolean' && typeof reading.paused === 'boolean' ? [] : ['no boolean']),
    ...(reading.pending + reading.ackPending >= 0 ? [] : ['no sum']),
  ];
}

function namesWhere(
  values: Readonly<Record<string, number | undefined>>,
  isWrong: (value: number) => boolean,
): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value !== undefined && isWrong(value) ? [`${name} = ${String(value)}`] : [],
  );
}

/** Values that have broken decoders before. */
const VICIOUS: readonly Json[] = [
  ...[null, true, false, '', '0', '-1', '1e400', 'NaN', 'Infinity', [], {}, [[]], [1], ['5'], { a: 1 }],
  ...[0, -0, 1, -1, 0.5, -0.5, 1e-320, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 1e308, -1e308, 1.5e9],
  // What JSON.parse makes of 1e400.
  ...[Infinity, -Infinity],
  ...[
    '0001-01-01T00:00:00Z',
    '2026-13-45T99:99:99Z',
    '2026-01-01T00:00:00.123456789Z',
    '9999-12-31T23:59:59Z',
  ],
  ...['2026-01-01', '+275760-09-13T00:00:00Z', '\u0000', '\ud800', '__proto__', 'x'.repeat(10_000)],
];

function mutatedTree(text: string, random: Random): Json {
  let root = JSON.parse(text) as Json;
  const times = 1 + random.below(MOST_MUTATIONS);
  for (let i = 0; i < times; i++) {
    const nodes = containersOf(root);
    if (nodes.length === 0 || random.below(200) === 0) root = structuredClone(random.pick(VICIOUS));
    else mutateNode(random.pick(nodes), random);
  }
  return root;
}

type Container = Json[] | Record<string, Json>;

function mutateNode(node: Container, random: Random): void {
  const keys = Object.keys(node);
  const key = keys.length === 0 ? '0' : random.pick(keys);
  const present = new Map<string, Json>(Object.entries(node));
  const value = present.get(key) ?? null;
  switch (random.below(6)) {
    case 0:
      Reflect.deleteProperty(node, key);
      break;
    case 1:
      // Another field's value, type and all.
      set(node, key, present.get(keys.length === 0 ? '0' : random.pick(keys)) ?? null);
      break;
    case 2:
      set(
        node,
        key,
        typeof value === 'number' ? -value * random.pick([1, 0.5, 1e300]) : random.pick(VICIOUS),
      );
      break;
    case 3:
      // Lists have no keys in JSON.
      set(node, Array.isArray(node) ? String(node.length) : random.pick(KEYS), random.pick(VICIOUS));
      break;
    default:
      set(node, key, random.pick(VICIOUS));
  }
}

const KEYS = ['__proto__', 'constructor', 'error', 'cluster', 'config', 'backoff', 'x', '0'];

/** As JSON.parse does it: a key is a key, also where JavaScript means something by it. */
function set(node: Container, key: string, value: Json): void {
  Object.defineProperty(node, key, {
    ...{ value: structuredClone(value), writable: true, enumerable: true, configurable: true },
  });
}

function containersOf(value: Json): Container[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containersOf)];
}

const TOKENS = [
  'null',
  '-',
  '1e400',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  '9'.repeat(30),
  '.5',
  'e',
  '\\u0000',
  '-0',
];

function mutatedText(text: string, random: Random): unknown {
  let mutated = text;
  const times = 1 + random.below(MOST_MUTATIONS);
  for (let i = 0; i < times; i++) {
    const at = random.below(mutated.length + 1);
    const digits = /\d+/.exec(mutated.slice(at));
    if (random.next() < 0.6 && digits !== null) {
      // In the place of a number: the text stays JSON more often than not.
      const from = at + digits.index;
      mutated = `${mutated.slice(0, from)}${random.pick(TOKENS)}${mutated.slice(from + digits[0].length)}`;
    } else {
      mutated = `${mutated.slice(0, at)}${random.pick(TOKENS)}${mutated.slice(at + random.below(3))}`;
    }
  }
  try {
    return JSON.parse(mutated) as unknown;
  } catch {
    return mutated;
  }
}
