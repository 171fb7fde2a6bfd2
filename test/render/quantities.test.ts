import { expect, test } from '@jest/globals';
import { count, duration } from '../../src/render/quantities.js';

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [95, '1 min 35 s'],
  [3600, '1 h'],
  [3720, '1 h 2 min'],
  [3725, '1 h 2 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 d'],
  [86_401, '1 d'],
  [90_000, '1 d 1 h'],
  [86_400 * 1234 + 3600 * 5, '1,234 d 5 h'],
])('%d s is %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1_234_567, '1,234,567'],
])('%i is written %s', (value, words) => {
  expect(count(value)).toBe(words);
});
