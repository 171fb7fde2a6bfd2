import { expect, test } from '@jest/globals';
import { createLimitedLog } from '../../src/http/limited-log.js';

test('writes at most one line a second and says how many it left out', () => {
  let now = 0;
  const lines: unknown[] = [];
  const logError = createLimitedLog({ error: (...line: unknown[]) => lines.push(line) }, { now: () => now });
  for (const at of [0, 1, 500, 999.9, 1000, 1500, 5000]) {
    now = at;
    logError(at, 'broken');
  }
  expect(lines).toEqual([
    [{ err: 0 }, 'broken'],
    [{ err: 1000, left_out: 3 }, 'broken'],
    [{ err: 5000, left_out: 1 }, 'broken'],
  ]);
});
