import { expect, test } from '@jest/globals';
import { decodeConsumerInfo } from '../../src/jetstream/consumer-info.js';
import { fuzzDecoder, problemsOf } from './decoder.js';
import { readFixtures } from '../support/consumer-info.js';
import { randomSeed } from '../support/random.js';

test('accepts every answer of a real server, and only plain numbers come out', async () => {
  const fixtures = await readFixtures();
  expect(fixtures.size).toBeGreaterThan(90);
  for (const [name, text] of fixtures) {
    const info = decodeConsumerInfo(JSON.parse(text), Date.now());
    expect([name, info?.id.stream]).toEqual([name, 'JOBS']);
    if (info !== undefined) expect([name, problemsOf(info)]).toEqual([name, []]);
  }
});

test('no mutation of them throws or gets a wrong number through', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? randomSeed());
  const fixtures = [...(await readFixtures()).values()];
  const { violations, accepted } = fuzzDecoder(decodeConsumerInfo, { fixtures, count: 30_000, seed });
  expect({ seed, violations }).toEqual({ seed, violations: [] });
  // A decoder that refuses everything would pass as well.
  expect(accepted).toBeGreaterThan(3000);
});

test('the fuzzer finds what a decoder without checks lets through', async () => {
  const fixtures = [...(await readFixtures()).values()];
  const trusting = (value: unknown, wallMs: number): ReturnType<typeof decodeConsumerInfo> => {
    const info = decodeConsumerInfo(JSON.parse(fixtures[0] ?? ''), wallMs);
    const { num_pending: pending } = value as { num_pending: number };
    return info && { ...info, reading: { ...info.reading, pending } };
  };
  const { violations } = fuzzDecoder(trusting, { fixtures, count: 5000, seed: 1 });
  expect(violations.length).toBeGreaterThan(3);
});
