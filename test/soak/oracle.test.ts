import { expect, test } from '@jest/globals';
import type { Harm } from './oracle.js';
import { createOracle } from './oracle.js';

const TIMES = { everyMs: 1000, staleAfterMs: 4000, ackWaitMs: 1000 };

/** Asks four times a second about rounds of these moments, all `up`; the harm is done at 0. */
function firstFalseUp(harm: Harm, rounds: readonly number[]): number | undefined {
  const oracle = createOracle(TIMES);
  oracle.note('infra', harm, 0);
  for (let now = 0; now < 20_000; now += 250) {
    const readAt = rounds.findLast((round) => round <= now) ?? -500;
    if (oracle.judge('infra', { isUp: true, askedAt: now, readAt }) !== undefined) return now;
  }
  return undefined;
}
const every = (ms: number): number[] => Array.from({ length: 20 }, (_, index) => 500 + index * ms);

test('a killed worker may be up for three rounds after its window', () => {
  expect(firstFalseUp('abandoned', every(1000))).toBe(5500);
  // One of them was lost.
  expect(
    firstFalseUp(
      'abandoned',
      every(1000).filter((round) => round !== 4500),
    ),
  ).toBe(6500);
});

test('a consumer that is gone may be up for three rounds', () => {
  expect(firstFalseUp('missing', every(1000))).toBe(2500);
});

test('what cannot be asked may be up until it is stale, and old figures at no time', () => {
  expect(firstFalseUp('unreachable', every(1000))).toBe(5750);
  expect(firstFalseUp('abandoned', [])).toBe(5250);
});

test('what is not up or well again is no false up', () => {
  const oracle = createOracle(TIMES);
  oracle.note('infra', 'unreachable', 0);
  expect(oracle.judge('infra', { isUp: false, askedAt: 9000, readAt: 0 })).toBeUndefined();
  expect(oracle.judge('apps', { isUp: true, askedAt: 9000, readAt: 8000 })).toBeUndefined();
  oracle.note('infra', undefined, 9000);
  expect(oracle.judge('infra', { isUp: true, askedAt: 9500, readAt: 9200 })).toBeUndefined();
});
