import { expect, test } from '@jest/globals';
import type { Harm, Oracle } from './oracle.js';
import { createOracle } from './oracle.js';

const TIMES = { everyMs: 1000, staleAfterMs: 4000, ackWaitMs: 1000 };
const ROUNDS = Array.from({ length: 90 }, (_, index) => 500 + index * 1000);

/** Asks four times a second; the harm is done at 0. @param rounds when those began that were not lost */
function firstFalseUp(oracle: Oracle, harm: Harm, rounds: readonly number[]): number | undefined {
  oracle.note('infra', harm, 0);
  for (let now = 0; now < 90_000; now += 250) {
    const readAt = rounds.findLast((round) => round <= now) ?? -500;
    const said = { isUp: true, askedAt: now, ageMs: now - readAt, snapshotTime: String(readAt) };
    if (oracle.judge('infra', said) !== undefined) return now;
  }
  return undefined;
}

test('a killed worker may be up for three rounds after its window', () => {
  expect(firstFalseUp(createOracle(TIMES), 'abandoned', ROUNDS)).toBe(5500);
  const oneLost = ROUNDS.filter((round) => round !== 4500);
  expect(firstFalseUp(createOracle(TIMES), 'abandoned', oneLost)).toBe(6500);
});

test('and for a minute more when the server was started again before', () => {
  const oracle = createOracle(TIMES);
  oracle.noteRestart(-20_000);
  expect(firstFalseUp(oracle, 'abandoned', ROUNDS)).toBe(42_500);
  expect(firstFalseUp(oracle, 'missing', ROUNDS)).toBe(2500);
});

test('a consumer that is gone may be up for three rounds', () => {
  expect(firstFalseUp(createOracle(TIMES), 'missing', ROUNDS)).toBe(2500);
});

test('what cannot be asked may be up until it is stale, and old figures at no time', () => {
  expect(firstFalseUp(createOracle(TIMES), 'unreachable', ROUNDS)).toBe(5750);
  expect(firstFalseUp(createOracle(TIMES), 'abandoned', [])).toBe(5250);
});

test('answers that overtake each other are no further rounds', () => {
  const oracle = createOracle(TIMES);
  oracle.note('infra', 'missing', 0);
  for (const snapshotTime of ['first', 'second', 'first', 'second']) {
    const said = { isUp: true, askedAt: 3000, ageMs: 500, snapshotTime };
    expect(oracle.judge('infra', said)).toBeUndefined();
  }
});

test('an up that does not say how old it is, is a false one', () => {
  const said = { isUp: true, askedAt: 1000, ageMs: NaN, snapshotTime: undefined };
  expect(createOracle(TIMES).judge('infra', said)).toContain('NaN');
});

test('what is not up or well again is no false up', () => {
  const oracle = createOracle(TIMES);
  oracle.note('infra', 'unreachable', 0);
  const later = { askedAt: 9000, snapshotTime: 'one' };
  expect(oracle.judge('infra', { ...later, isUp: false, ageMs: 9000 })).toBeUndefined();
  expect(oracle.judge('apps', { ...later, isUp: true, ageMs: 1000 })).toBeUndefined();
  oracle.note('infra', undefined, 9000);
  expect(oracle.judge('infra', { ...later, isUp: true, ageMs: 300 })).toBeUndefined();
});
