import { expect, test } from '@jest/globals';
import { figuresOf } from '../../src/health/figures.js';
import { aReading } from '../support/a-reading.js';

test('pulls are summed up, a bound push consumer counts one, and of the rest the largest counts', () => {
  const readings = [
    aReading({ waitingPulls: 2, pending: 5, ackPending: 1, oldestUnackedSeconds: 9 }),
    aReading({
      type: 'push',
      pushBound: true,
      waitingPulls: 7,
      pending: 3,
      ackPending: 4,
      oldestUnackedSeconds: 2,
    }),
    aReading({ type: 'push', oldestUnackedSeconds: undefined }),
  ];
  expect(figuresOf(readings)).toEqual({
    live_pullers: 3,
    backlog: 5,
    in_flight: 4,
    oldest_unacked_seconds: 9,
  });
  expect(JSON.stringify(figuresOf([]))).toBe(
    '{"live_pullers":0,"backlog":0,"in_flight":0,"oldest_unacked_seconds":0}',
  );
});
