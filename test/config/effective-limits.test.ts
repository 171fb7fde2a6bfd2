import { expect, test } from '@jest/globals';
import { effectiveLimits } from '../../src/config/effective-limits.js';

test('each limit comes from the first place that declares it', () => {
  const limits = effectiveLimits(
    { backlog: { critical: 9 }, oldest_unacked: { warn: 1 } },
    { backlog: { warn: 5 }, in_flight: { warn: 7 } },
  );
  expect(limits).toEqual({
    backlog: {
      critical: { value: 9, inclusive: false, source: 'file' },
      warn: { value: 5, inclusive: false, source: 'default' },
    },
    oldest_unacked: { warn: { value: 1, inclusive: false, source: 'file' } },
    in_flight: { warn: { value: 7, inclusive: false, source: 'default' } },
  });
});

test('a default warning at or above a critical limit that somebody chose gives way', () => {
  expect(effectiveLimits({ backlog: { critical: 5 } }, { backlog: { warn: 5 } }).backlog).toEqual({
    critical: { value: 5, inclusive: false, source: 'file' },
  });
});
