import { describe, expect, test } from '@jest/globals';
import type { Metadata } from '../../src/config/metadata-thresholds.js';
import { componentIn, metadataProblems, metadataThresholds } from '../../src/config/metadata-thresholds.js';

const OWN = 'jetstream-status';
const MONITOR = 'io.nats.monitor';

describe('metadataThresholds', () => {
  test.each<[name: string, metadata: Metadata, thresholds: object]>([
    ['no metadata', undefined, {}],
    ['the metadata of others', { owner: 'team', 'io.nats.monitor.waiting-critical': '1' }, {}],
    [
      'every key of ours',
      {
        [`${OWN}.backlog-warn`]: '1',
        [`${OWN}.backlog-critical`]: '2',
        [`${OWN}.in-flight-warn`]: '3',
        [`${OWN}.in-flight-critical`]: '4',
        [`${OWN}.oldest-unacked-warn`]: '60s',
        [`${OWN}.oldest-unacked-critical`]: '1h',
      },
      {
        backlog: { warn: { value: 1, inclusive: false }, critical: { value: 2, inclusive: false } },
        in_flight: { warn: { value: 3, inclusive: false }, critical: { value: 4, inclusive: false } },
        oldest_unacked: {
          warn: { value: 60, inclusive: false },
          critical: { value: 3600, inclusive: false },
        },
      },
    ],
    [
      'the keys of the NATS project are reached at the value',
      { [`${MONITOR}.unprocessed-critical`]: '10', [`${MONITOR}.outstanding-ack-critical`]: '+20' },
      {
        backlog: { critical: { value: 10, inclusive: true } },
        in_flight: { critical: { value: 20, inclusive: true } },
      },
    ],
    ['… and are off at 0', { [`${MONITOR}.unprocessed-critical`]: '0' }, {}],
    ['… and below', { [`${MONITOR}.outstanding-ack-critical`]: '-1' }, {}],
    [
      '… and while monitoring by metadata is switched off, ours are not',
      {
        [`${MONITOR}.enabled`]: 'False',
        [`${MONITOR}.unprocessed-critical`]: '10',
        [`${OWN}.in-flight-warn`]: '3',
      },
      { in_flight: { warn: { value: 3, inclusive: false } } },
    ],
    [
      'switched on or not said, they hold',
      { [`${MONITOR}.enabled`]: 'true', [`${MONITOR}.unprocessed-critical`]: '10' },
      { backlog: { critical: { value: 10, inclusive: true } } },
    ],
    [
      'of two keys for one limit ours wins',
      { [`${MONITOR}.unprocessed-critical`]: '10', [`${OWN}.backlog-critical`]: '30' },
      { backlog: { critical: { value: 30, inclusive: false } } },
    ],
    [
      '… unless it is not valid',
      { [`${MONITOR}.unprocessed-critical`]: '10', [`${OWN}.backlog-critical`]: 'many' },
      { backlog: { critical: { value: 10, inclusive: true } } },
    ],
    [
      'a limit of 0 of ours is one',
      { [`${OWN}.backlog-warn`]: '0', [`${OWN}.oldest-unacked-warn`]: '0s' },
      {
        backlog: { warn: { value: 0, inclusive: false } },
        oldest_unacked: { warn: { value: 0, inclusive: false } },
      },
    ],
  ])('%s', (_, metadata, thresholds) => {
    expect(metadataThresholds(metadata)).toEqual(thresholds);
  });
});

describe('what is not valid counts as not there, and is told', () => {
  test.each([
    [`${OWN}.backlog-warn`, '', 'must be a whole number of 0 or more'],
    [`${OWN}.backlog-warn`, '-1', 'must be a whole number of 0 or more'],
    [`${OWN}.backlog-warn`, '1.5', 'must be a whole number of 0 or more'],
    [`${OWN}.in-flight-critical`, '1e3', 'must be a whole number of 0 or more'],
    [`${OWN}.in-flight-critical`, '9007199254740993', 'must be a whole number of 0 or more'],
    [`${OWN}.in-flight-critical`, ' 7', 'must be a whole number of 0 or more'],
    [`${OWN}.oldest-unacked-warn`, '60', 'must be whole seconds, such as 60s, 5m or 1h'],
    [`${OWN}.oldest-unacked-warn`, '1500ms', 'must be whole seconds, such as 60s, 5m or 1h'],
    [`${OWN}.backlog`, '7', 'unknown key'],
    [`${OWN}.in_flight-warn`, '7', 'unknown key'],
    [`${MONITOR}.unprocessed-critical`, '5m', 'must be a whole number'],
    [`${MONITOR}.outstanding-ack-critical`, '', 'must be a whole number'],
  ])('%s: %j', (key, text, problem) => {
    expect(metadataThresholds({ [key]: text })).toEqual({});
    expect(metadataProblems({ [key]: text })).toEqual([{ key, problem }]);
  });

  test('and nothing else is', () => {
    expect(metadataProblems(undefined)).toEqual([]);
    expect(
      metadataProblems({
        owner: 'team',
        [`${OWN}.component`]: 'infra',
        [`${OWN}.backlog-warn`]: '1',
        [`${MONITOR}.unprocessed-critical`]: '-1',
        [`${MONITOR}.waiting-critical`]: 'x',
      }),
    ).toEqual([]);
  });
});

test('the component that a consumer names', () => {
  expect(componentIn(undefined)).toBeUndefined();
  expect(componentIn({ other: 'x' })).toBeUndefined();
  expect(componentIn({ [`${OWN}.component`]: 'infra' })).toBe('infra');
});
