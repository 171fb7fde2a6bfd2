import { describe, expect, test } from '@jest/globals';
import type { ConsumerReading } from '../../src/health/consumer-reading.js';
import { isSameReading } from '../../src/jetstream/same-reading.js';
import { aPosition, aReading } from '../support/a-reading.js';

/** For each field something that an idle reading does not say. A field that is missing here does not compile. */
const OTHER: Required<ConsumerReading> = {
  created: '2026-01-02T00:00:00Z',
  type: 'push',
  pushBound: true,
  waitingPulls: 1,
  pending: 1,
  ackPending: 1,
  redelivered: 1,
  delivered: aPosition(1),
  ackFloor: aPosition(1),
  paused: true,
  maxAckPending: 1,
  ackWaitMs: undefined,
  hasPriorityPolicy: true,
  leader: 'n1',
  replicasShort: true,
  oldestUnackedSeconds: 1,
  gaveUpOldest: true,
  metadata: { key: 'value' },
};

describe('a reading that says something else is another one', () => {
  test.each(Object.entries(OTHER))('%s', (field, value) => {
    expect(isSameReading(aReading(), aReading({ [field]: value }))).toBe(false);
  });

  test('each part of a position counts, but for how long ago it was reached', () => {
    const position = aPosition(5, 100);
    const reading = aReading({ delivered: position, ackFloor: position });
    for (const change of [{ consumerSeq: 6 }, { streamSeq: 6 }, { lastActive: undefined }]) {
      const moved = { ...position, ...change };
      expect(isSameReading(reading, { ...reading, delivered: moved })).toBe(false);
      expect(isSameReading(reading, { ...reading, ackFloor: moved })).toBe(false);
    }
    const older = { ...position, lastActiveAgoMs: 5100 };
    expect(isSameReading(reading, { ...reading, delivered: older, ackFloor: older })).toBe(true);
  });

  test('metadata counts by its content', () => {
    const reading = aReading({ metadata: { a: '1', b: '2' } });
    expect(isSameReading(reading, aReading({ metadata: { a: '1', b: '2' } }))).toBe(true);
    expect(isSameReading(reading, aReading({ metadata: { a: '1', b: '3' } }))).toBe(false);
    expect(isSameReading(reading, aReading({ metadata: { a: '1' } }))).toBe(false);
    expect(isSameReading(reading, aReading({ metadata: { a: '1', c: '2' } }))).toBe(false);
  });
});
