import { describe, expect, test } from '@jest/globals';
import { effectiveLimits, limitsByMetadata } from '../../src/config/effective-limits.js';

describe('effectiveLimits', () => {
  test('each limit comes from the first place that declares it: file, metadata, defaults', () => {
    const limits = effectiveLimits({
      ofComponent: { backlog: { critical: 9 }, oldest_unacked: { warn: 1 } },
      ofMetadata: {
        backlog: { critical: { value: 8, inclusive: true } },
        in_flight: { critical: { value: 20, inclusive: true }, warn: { value: 6, inclusive: false } },
        oldest_unacked: { warn: { value: 2, inclusive: false } },
      },
      defaults: { backlog: { warn: 5 }, in_flight: { warn: 7, critical: 30 } },
    });
    expect(limits).toEqual({
      backlog: {
        critical: { value: 9, inclusive: false, source: 'file' },
        warn: { value: 5, inclusive: false, source: 'default' },
      },
      oldest_unacked: { warn: { value: 1, inclusive: false, source: 'file' } },
      in_flight: {
        critical: { value: 20, inclusive: true, source: 'metadata' },
        warn: { value: 6, inclusive: false, source: 'metadata' },
      },
    });
  });

  test('a warning at or above the critical limit, whoever declared the two, gives way', () => {
    const limits = effectiveLimits({
      ofComponent: { backlog: { critical: 5 }, in_flight: { warn: 9 } },
      ofMetadata: { in_flight: { critical: { value: 9, inclusive: true } } },
      defaults: { backlog: { warn: 5 } },
    });
    expect(limits).toEqual({
      backlog: { critical: { value: 5, inclusive: false, source: 'file' } },
      in_flight: { critical: { value: 9, inclusive: true, source: 'metadata' } },
    });
  });
});

test('limitsByMetadata follows the metadata it is given each time', () => {
  const limitsFor = limitsByMetadata({ ofComponent: {}, defaults: { backlog: { warn: 100 } } });
  const warn = (metadata: Record<string, string> | undefined) => limitsFor(metadata).backlog?.warn;
  expect(warn(undefined)).toEqual({ value: 100, inclusive: false, source: 'default' });
  expect(warn({ 'jetstream-status.backlog-warn': '7' })).toEqual({
    value: 7,
    inclusive: false,
    source: 'metadata',
  });
  expect(warn({ 'jetstream-status.backlog-warn': '8' })?.value).toBe(8);
  expect(limitsFor({ other: 'x' })).toBe(limitsFor(undefined));
});
