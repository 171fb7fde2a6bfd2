import { describe, expect, test } from '@jest/globals';
import type { ConsumerReading } from '../../src/health/consumer-reading.js';
import type { Limits } from '../../src/health/thresholds.js';
import { aPosition, aReading } from '../support/a-reading.js';
import type { HistoryTerms, PlayOptions, Seen } from './history.js';
import { EVERY, play } from './history.js';

/** [what is seen, `verdict / public: detail`, ms since the round before]. */
type Row = readonly [Seen | readonly Seen[], string, number?];

interface History extends PlayOptions {
  readonly rounds: readonly Row[];
}

const pulling = (changes: Partial<ConsumerReading> = {}) => aReading({ waitingPulls: 1, ...changes });
const quiet = (changes: Partial<ConsumerReading> = {}) => aReading(changes);
/** Message `seq` was handed over and is in somebody's hands. */
const busy = (seq: number, changes: Partial<ConsumerReading> = {}) =>
  aReading({ ackPending: 1, delivered: aPosition(seq), ackFloor: aPosition(seq - 1), ...changes });
/** In-progress acknowledgements move the time of the last delivery and nothing else. */
const inProgress = (seq: number, times: number) =>
  busy(seq, { delivered: { ...aPosition(seq), lastActive: `wpi ${String(times)}` } });
const backlogOf = (pending: number) => pulling({ pending, delivered: aPosition(pending) });
const limit = (warn?: number, critical?: number, inclusive = false): NonNullable<Limits['backlog']> => ({
  ...(warn !== undefined && { warn: { value: warn, inclusive, source: 'file' } }),
  ...(critical !== undefined && { critical: { value: critical, inclusive, source: 'file' } }),
});
const twice = (row: Row): Row[] => [row, row];
const times = (count: number, row: (index: number) => Row): Row[] =>
  Array.from({ length: count }, (_, index) => row(index));
const two: readonly HistoryTerms[] = [{}, {}];
const three: readonly HistoryTerms[] = [{}, {}, {}];
const UP = 'up / up';
const BUSY = 'up / up: all pullers busy';
const GONE = 'down / down: no live pullers';

const HISTORIES: Readonly<Record<string, History>> = {
  // Life
  'pulling is up at once': { rounds: [[pulling(), UP]] },
  'nobody, from the start on': {
    rounds: [
      [quiet(), 'degraded / degraded: no live pullers seen yet'],
      [quiet(), 'down / degraded: no live pullers seen yet'],
      [quiet(), GONE],
    ],
  },
  'one quiet reading between two pulls': {
    rounds: [
      [pulling(), UP],
      [quiet(), UP],
      [pulling(), UP],
      [quiet(), UP],
    ],
  },
  'the workers go': {
    rounds: [
      [pulling(), UP],
      [quiet(), UP],
      [quiet(), 'down / up'],
      [quiet(), GONE],
      [quiet(), GONE],
    ],
  },
  'a worker handles one message at a time': {
    rounds: times(20, (i) => [busy(i + 1, { pending: 20 - i }), BUSY]),
  },
  'a message takes a whole ack wait': {
    rounds: times(7, () => [busy(1), BUSY]),
  },
  'and no longer than that': {
    rounds: [...times(8, (): Row => [busy(1), BUSY]), [busy(1), UP], [busy(1), 'down / up'], [busy(1), GONE]],
  },
  'a long job that reports progress': {
    rounds: times(30, (i) => [inProgress(1, Math.floor(i / 4)), BUSY]),
  },
  'a buffered batch is worked off without a delivery': {
    rounds: times(30, (i) => [
      aReading({ ackPending: 100 - i, delivered: aPosition(100), ackFloor: aPosition(i) }),
      BUSY,
    ]),
  },
  'messages of a dead worker expire one by one: for ten windows at most': {
    rounds: [
      ...times(71, (i): Row => [
        aReading({ ackPending: 200 - i, delivered: aPosition(100), ackFloor: aPosition(i) }),
        BUSY,
      ]),
      [aReading({ ackPending: 90, delivered: aPosition(100), ackFloor: aPosition(90) }), UP],
      [aReading({ ackPending: 89, delivered: aPosition(100), ackFloor: aPosition(91) }), 'down / up'],
      [aReading({ ackPending: 88, delivered: aPosition(100), ackFloor: aPosition(92) }), GONE],
    ],
  },
  'messages of a dead worker never leave by themselves': {
    rounds: [
      [
        aReading({ ackPending: 3, delivered: aPosition(3, 40_000) }),
        'degraded / degraded: no live pullers seen yet',
      ],
      [
        aReading({ ackPending: 3, delivered: aPosition(3, 45_000) }),
        'down / degraded: no live pullers seen yet',
      ],
      [aReading({ ackPending: 3, delivered: aPosition(3, 50_000) }), GONE],
    ],
  },
  'the first reading believes the server: delivered a moment ago': {
    rounds: [[aReading({ ackPending: 1, delivered: aPosition(1, 35_000) }), BUSY]],
  },
  'ack policy none: only deliveries show a worker': {
    rounds: times(5, (i) => [aReading({ ackWaitMs: undefined, delivered: aPosition(i + 1) }), BUSY]),
  },
  'a configured work window stands over the ack wait': {
    consumers: [{ workWindowMs: 60_000 }],
    rounds: times(13, () => [busy(1), BUSY]),
  },
  'a push consumer lives by its subscriber': {
    rounds: [
      [aReading({ type: 'push', pushBound: true }), UP],
      [aReading({ type: 'push' }), UP],
      [aReading({ type: 'push' }), 'down / up'],
      [aReading({ type: 'push' }), GONE],
    ],
  },
  'recovery of life lowers down at once': {
    rounds: [
      [pulling(), UP],
      [quiet(), UP],
      [quiet(), 'down / up'],
      [quiet(), GONE],
      [pulling(), 'up / degraded'],
      [pulling(), UP],
    ],
  },
  'workers that only come when there is work need not be there': {
    consumers: [{ expectPullers: 'when_due' }],
    rounds: times(10, () => [quiet(), UP]),
  },
  'and have a window to come': {
    consumers: [{ expectPullers: 'when_due', workWindowMs: 10_000 }],
    rounds: [
      [quiet(), UP],
      ...times(4, (): Row => [quiet({ pending: 1 }), UP]),
      [quiet({ pending: 1 }), 'down / up'],
      [quiet({ pending: 1 }), GONE],
      [quiet(), 'up / degraded'],
      [quiet(), UP],
    ],
  },
  'silent with work pending is no worker on his way': {
    consumers: [{ expectPullers: 'when_due' }],
    rounds: [
      [quiet(), UP],
      [quiet({ pending: 1, ackPending: 1 }), UP],
      [quiet({ pending: 1, ackPending: 1 }), 'down / up'],
      [quiet({ pending: 1, ackPending: 1 }), GONE],
    ],
  },

  // Elections and restarts
  'a leader change takes the pulls away for 60 s': {
    rounds: [
      [pulling({ leader: 'a' }), UP],
      ...times(13, (): Row => [quiet({ leader: 'b' }), UP]),
      [quiet({ leader: 'b' }), UP],
      [quiet({ leader: 'b' }), 'down / up'],
      [quiet({ leader: 'b' }), GONE],
    ],
  },
  'a restarted server forgets times and pulls': {
    rounds: [
      [pulling({ delivered: aPosition(3, 90_000) }), UP],
      ...times(9, (): Row => [
        quiet({ delivered: { ...aPosition(3), lastActive: undefined, lastActiveAgoMs: undefined } }),
        UP,
      ]),
      [pulling({ delivered: { ...aPosition(3), lastActive: undefined, lastActiveAgoMs: undefined } }), UP],
    ],
  },
  'our own start after a restart of the server': {
    rounds: [
      ...times(13, (): Row => [
        quiet({ delivered: { ...aPosition(3), lastActive: undefined, lastActiveAgoMs: undefined } }),
        'degraded / degraded: no live pullers seen yet',
      ]),
    ],
  },
  'a restart of the server does not revive the dead': {
    rounds: [
      [pulling({ leader: 'a' }), UP],
      [quiet({ leader: 'a' }), UP],
      [quiet({ leader: 'a' }), 'down / up'],
      [quiet({ leader: 'a' }), GONE],
      [quiet({ leader: 'b' }), GONE],
    ],
  },
  'a consumer created anew begins a new life': {
    rounds: [
      [pulling(), UP],
      [quiet({ created: '2026-02-02T00:00:00Z' }), 'degraded / up'],
      [quiet({ created: '2026-02-02T00:00:00Z' }), 'down / degraded: no live pullers seen yet'],
      [quiet({ created: '2026-02-02T00:00:00Z' }), GONE],
    ],
  },

  // Rules
  'a consumer is missing': {
    rounds: [
      [pulling(), UP],
      ['absent', 'down / up'],
      ['absent', 'down / down: consumer missing'],
    ],
  },
  'one of three is missing, and comes back': {
    consumers: three,
    rounds: [
      [[pulling(), pulling(), pulling()], UP],
      [[pulling(), 'absent', pulling()], 'down / up'],
      [[pulling(), 'absent', pulling()], 'down / down: 1 of 3 consumers missing'],
      [[pulling(), pulling(), pulling()], 'up / down: 1 of 3 consumers missing'],
      [[pulling(), pulling(), pulling()], UP],
    ],
  },
  'a pattern that nothing matches is a missing consumer': {
    unmatched: 1,
    rounds: twice([pulling(), 'down / degraded: 1 of 2 consumers missing']).map((row, index): Row =>
      index === 0 ? row : [row[0], 'down / down: 1 of 2 consumers missing'],
    ),
  },
  'some of them dead': {
    consumers: two,
    rounds: [
      [[pulling(), pulling()], UP],
      [[pulling(), quiet()], UP],
      [[pulling(), quiet()], 'degraded / up'],
      [[pulling(), quiet()], 'degraded / degraded: 1 of 2 consumers without live pullers'],
      [[pulling(), pulling()], 'up / degraded: 1 of 2 consumers without live pullers'],
      [[pulling(), pulling()], UP],
    ],
  },
  'a critical one dead': {
    consumers: [{}, { critical: true }],
    rounds: [
      [[pulling(), pulling()], UP],
      [[pulling(), quiet()], UP],
      [[pulling(), quiet()], 'down / up'],
      [[pulling(), quiet()], 'down / down: 1 of 2 consumers without live pullers'],
    ],
  },
  'all of them dead, one critical: said once': {
    consumers: [{}, { critical: true }],
    rounds: [
      [[pulling(), pulling()], UP],
      [[quiet(), quiet()], UP],
      [[quiet(), quiet()], 'down / up'],
      [[quiet(), quiet()], GONE],
    ],
  },
  'one proven, one not yet': {
    consumers: two,
    rounds: [[[pulling(), quiet()], 'degraded / degraded: 1 of 2 consumers without live pullers']],
  },
  'work and workers wait for 60 s and nothing is handed over': {
    rounds: [
      ...times(12, (): Row => [pulling({ pending: 3, delivered: aPosition(7) }), UP]),
      [pulling({ pending: 3, delivered: aPosition(7) }), 'down / up'],
      [
        pulling({ pending: 3, delivered: aPosition(7) }),
        'down / down: work is pending but none is being delivered',
      ],
      [
        pulling({ pending: 2, delivered: aPosition(8) }),
        'up / down: work is pending but none is being delivered',
      ],
      [pulling({ pending: 1, delivered: aPosition(9) }), UP],
    ],
  },
  'not stuck: at its limit of messages in flight': {
    rounds: times(20, () => [pulling({ pending: 3, ackPending: 5, maxAckPending: 5 }), UP]),
  },
  'not stuck: a priority policy holds it back': {
    rounds: times(20, () => [pulling({ pending: 3, hasPriorityPolicy: true }), UP]),
  },
  'not stuck: a delivery now and then': {
    rounds: times(30, (i) => [pulling({ pending: 3, delivered: aPosition(Math.floor(i / 11)) }), UP]),
  },
  paused: {
    rounds: [
      [pulling({ paused: true, pending: 3 }), 'degraded / degraded: consumer paused'],
      ...times(20, (): Row => [
        pulling({ paused: true, pending: 3 }),
        'degraded / degraded: consumer paused',
      ]),
    ],
  },
  'some paused': {
    consumers: two,
    rounds: [[[pulling(), pulling({ paused: true })], 'degraded / degraded: 1 of 2 consumers paused']],
  },
  'replication below quorum': {
    rounds: [
      [pulling(), UP],
      [pulling({ replicasShort: true }), 'degraded / up'],
      [pulling({ replicasShort: true }), 'degraded / degraded: replication below quorum'],
    ],
  },
  'all reasons of one status are told in order': {
    consumers: [{ limits: { backlog: limit(1), in_flight: limit(1), oldest_unacked: limit(1) } }, {}],
    rounds: [
      [
        [
          pulling({ paused: true, replicasShort: true, pending: 2, ackPending: 2, oldestUnackedSeconds: 2 }),
          quiet(),
        ],
        'degraded / degraded: 1 of 2 consumers without live pullers; replication below quorum; 1 of 2 consumers paused; backlog above warning threshold; in-flight above warning threshold; oldest unacked age above warning threshold',
      ],
    ],
  },
  'the reasons of down leave those of degraded out': {
    consumers: [{ limits: { backlog: limit(1, 5), in_flight: limit(1) } }],
    rounds: [
      [pulling({ pending: 6, ackPending: 2 }), 'down / degraded: backlog above critical threshold'],
      [
        pulling({ pending: 6, ackPending: 2, delivered: aPosition(1) }),
        'down / down: backlog above critical threshold',
      ],
    ],
  },
  'every critical figure is told': {
    consumers: [{ limits: { in_flight: limit(undefined, 1), oldest_unacked: limit(undefined, 1) } }],
    rounds: [
      [
        pulling({ ackPending: 2, oldestUnackedSeconds: 2 }),
        'down / degraded: in-flight above critical threshold; oldest unacked age above critical threshold',
      ],
    ],
  },
  'notes change no status': {
    rounds: [
      [pulling({ oldestUnackedSeconds: undefined }), 'up / up: oldest unacked age unknown'],
      [pulling({ gaveUpOldest: true }), 'up / up: oldest message was given up after its last delivery'],
    ],
  },
  'an unknown age crosses no limit': {
    consumers: [{ limits: { oldest_unacked: limit(0) } }],
    rounds: [[pulling({ oldestUnackedSeconds: undefined }), 'up / up: oldest unacked age unknown']],
  },

  // Confirmation
  'a figure equal to its limit has not crossed it': {
    consumers: [{ limits: { backlog: limit(10) } }],
    rounds: twice([backlogOf(10), UP]),
  },
  'one that is reached at the value has': {
    consumers: [{ limits: { backlog: limit(undefined, 10, true) } }],
    rounds: [[backlogOf(10), 'down / degraded: backlog above critical threshold']],
  },
  'a figure hovering at its limit does not flap': {
    consumers: [{ limits: { backlog: limit(10) } }],
    rounds: [
      [backlogOf(5), UP],
      [backlogOf(11), 'degraded / up'],
      [backlogOf(12), 'degraded / degraded: backlog above warning threshold'],
      [backlogOf(9), 'degraded / degraded: backlog above warning threshold'],
      [backlogOf(11), 'degraded / degraded: backlog above warning threshold'],
      [backlogOf(8), 'up / degraded: backlog above warning threshold'],
      [backlogOf(9), UP],
      [backlogOf(10), UP],
    ],
  },
  'one round over the limit is nothing': {
    consumers: [{ limits: { backlog: limit(10) } }],
    rounds: [
      [backlogOf(1), UP],
      [backlogOf(11), 'degraded / up'],
      [backlogOf(9), UP],
      [backlogOf(11), 'degraded / up'],
    ],
  },
  'three rounds to worsen': {
    consumers: [{ limits: { backlog: limit(10) } }],
    confirm: { worse: 3, better: 1 },
    rounds: [
      [backlogOf(1), UP],
      [backlogOf(11), 'degraded / up'],
      [backlogOf(12), 'degraded / up'],
      [backlogOf(13), 'degraded / degraded: backlog above warning threshold'],
      [backlogOf(1), UP],
    ],
  },
  'one round to worsen': {
    confirm: { worse: 1, better: 1 },
    rounds: [
      [pulling(), UP],
      ['absent', 'down / down: consumer missing'],
      [pulling(), UP],
    ],
  },
  'down becomes degraded as soon as that is confirmed': {
    consumers: [{ limits: { backlog: limit(10, 20) } }],
    rounds: [
      [backlogOf(30), 'down / degraded: backlog above critical threshold'],
      [backlogOf(31), 'down / down: backlog above critical threshold'],
      [backlogOf(15), 'degraded / down: backlog above critical threshold'],
      [backlogOf(14), 'degraded / degraded: backlog above warning threshold'],
    ],
  },

  // Rounds that prove nothing
  'a lost round changes nothing': {
    rounds: [
      [pulling(), UP],
      ['lost', '-'],
      [pulling(), UP],
      ['lost', '-'],
      [quiet(), UP],
    ],
  },
  'lost rounds between two bad ones neither count nor clear': {
    rounds: [
      [pulling(), UP],
      ['absent', 'down / up'],
      ['lost', '-'],
      ['absent', 'down / down: consumer missing'],
    ],
  },
  'one consumer without an answer holds its component': {
    consumers: two,
    rounds: [
      [[pulling(), pulling()], UP],
      [[pulling(), 'lost'], '-'],
    ],
  },
  'an outage makes the next round a first one': {
    rounds: [
      [pulling(), UP],
      [quiet(), UP],
      [quiet(), 'degraded / degraded: no live pullers seen yet', 60_000],
      [quiet(), 'down / degraded: no live pullers seen yet'],
      [quiet(), GONE],
    ],
  },
  'up is believed at once after an outage': {
    consumers: [{ limits: { backlog: limit(10) } }],
    rounds: [
      [backlogOf(20), 'degraded / degraded: backlog above warning threshold'],
      [backlogOf(1), UP, 60_000],
    ],
  },
  'but down stays until better is confirmed': {
    rounds: [
      ['absent', 'down / degraded: consumer missing'],
      ['absent', 'down / down: consumer missing'],
      [pulling(), 'up / degraded', 60_000],
      [pulling(), UP],
    ],
  },
};

describe('histories', () => {
  test.each(Object.entries(HISTORIES))('%s', (_, { rounds, ...options }) => {
    const played = play(
      rounds.map(([seen, , afterMs = EVERY]) => ({
        seen: Array.isArray(seen) ? (seen as readonly Seen[]) : [seen as Seen],
        afterMs,
      })),
      options,
    );
    expect(played).toEqual(rounds.map(([, expected]) => expected));
  });
});
