import { expect, test } from '@jest/globals';
import type { Observation } from '../../src/health/consumer-reading.js';
import { createOverloadPause } from '../../src/polling/overload-pause.js';

const OVERLOADED: Observation = { outcome: 'inconclusive', askedAt: 0, problem: 'overloaded' };
const TIMEOUT: Observation = { outcome: 'inconclusive', askedAt: 0, problem: 'timeout' };

test('doubles up to half of stale_after, and ends with the first round that is not refused', () => {
  const pause = createOverloadPause({ everyMs: 1000, staleAfterMs: 15_000 });
  const lengths = [];
  for (let round = 0; round < 6; round += 1) {
    pause.note([TIMEOUT, OVERLOADED], 0);
    let until = 0;
    while (!pause.isOver(until)) until += 100;
    lengths.push(until);
  }
  expect(lengths).toEqual([1000, 2000, 4000, 7500, 7500, 7500]);
  pause.note([TIMEOUT], 0);
  expect(pause.isOver(0)).toBe(true);
  pause.note([OVERLOADED], 0);
  expect(pause.isOver(999)).toBe(false);
  expect(pause.isOver(1000)).toBe(true);
});
