import { describe, expect, jest, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';
import { systemClock } from '../../src/clock.js';
import type { ComponentConfig } from '../../src/config/config.js';
import type { Observation } from '../../src/health/consumer-reading.js';
import { createLogger } from '../../src/logger.js';
import type { Poller } from '../../src/polling/poller.js';
import { createPoller } from '../../src/polling/poller.js';
import type { ReadConsumers } from '../../src/polling/read-consumers.js';
import { resolveWatchList } from '../../src/polling/watch-list.js';
import type { SnapshotStore } from '../../src/snapshots/snapshot-store.js';
import { createSnapshotStore } from '../../src/snapshots/snapshot-store.js';
import { aReading } from '../support/a-reading.js';

const PULLING = aReading({ waitingPulls: 1 });

function reading(): Observation {
  return { outcome: 'reading', askedAt: systemClock.now(), reading: PULLING };
}

function timeout(): Observation {
  return { outcome: 'inconclusive', askedAt: systemClock.now(), problem: 'timeout' };
}

function component(id: string, ...names: string[]): ComponentConfig {
  return {
    id,
    name: id,
    thresholds: {},
    discover: undefined,
    consumers: names.map((consumer) => ({
      stream: 'S',
      consumer,
      expectPullers: 'always',
      workWindowMs: undefined,
      critical: false,
    })),
  };
}

/** A clock that stands until the test moves `time`. */
function aClock(): Clock & { time: number } {
  const clock = { time: 0, now: () => clock.time, wall: () => clock.time, steadyWall: () => clock.time };
  return clock;
}

function pollerWith(
  readConsumers: ReadConsumers,
  {
    components = [component('infra', 'a'), component('apps', 'b', 'c')],
    everyMs = 1000,
    clock = systemClock,
    limitsFor = (): object => ({}),
  } = {},
): { poller: Poller; store: SnapshotStore } {
  const store = createSnapshotStore(components.length);
  const poller = createPoller({
    settings: { everyMs, staleAfterMs: 15_000, confirm: { worse: 2, better: 2 } },
    watchList: () => resolveWatchList(components, { listed: new Map(), streams: undefined }, () => limitsFor),
    readConsumers,
    store,
    clock,
    log: createLogger({ level: 'silent' }),
    states: new Map(),
  });
  return { poller, store };
}

describe('pollOnce', () => {
  test('puts a snapshot per component, with the moment of its oldest request', async () => {
    const { poller, store } = pollerWith((consumers, { report }) => {
      consumers.forEach((_, index) => {
        report(index, { outcome: 'reading', askedAt: 100 + index, reading: PULLING });
      });
      return Promise.resolve();
    });
    expect(poller.hasPolled()).toBe(false);
    await expect(poller.pollOnce()).resolves.toBe('complete');
    expect(poller.hasPolled()).toBe(true);
    expect(store.latest('infra')).toMatchObject({
      readAt: 100,
      health: { status: 'up', figures: { live_pullers: 1 } },
    });
    expect(store.latest('apps')).toMatchObject({
      readAt: 101,
      health: { status: 'up', figures: { live_pullers: 2 } },
    });
  });

  test('what answers for a consumer of two components counts for both', async () => {
    const { poller, store } = pollerWith(
      (consumers, { report }) => {
        consumers.forEach((_, index) => {
          report(index, reading());
        });
        return Promise.resolve();
      },
      { components: [component('infra', 'a'), component('apps', 'b', 'a')] },
    );
    await expect(poller.pollOnce()).resolves.toBe('complete');
    expect(store.latest('infra')).toMatchObject({ health: { figures: { live_pullers: 1 } } });
    expect(store.latest('apps')).toMatchObject({ health: { figures: { live_pullers: 2 } } });
  });

  test('a component is published as soon as its own consumers answered', async () => {
    let finish = (): void => undefined;
    const { poller, store } = pollerWith((_, { report }) => {
      report(0, reading());
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const round = poller.pollOnce();
    await nextTurn();
    await nextTurn();
    expect(store.latest('infra')).toBeDefined();
    expect(store.latest('apps')).toBeUndefined();
    finish();
    await expect(round).resolves.toBe('partial');
  });

  test('components that are complete at one moment are judged in different turns of the event loop', async () => {
    const { poller, store } = pollerWith((consumers, { report }) => {
      consumers.forEach((_, index) => {
        report(index, reading());
      });
      return Promise.resolve();
    });
    const round = poller.pollOnce();
    const judged: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      await nextTurn();
      judged.push(['infra', 'apps'].filter((id) => store.latest(id) !== undefined).length);
    }
    expect(judged).toEqual([0, 1, 2]);
    await expect(round).resolves.toBe('complete');
  });

  test('what fails while a component is judged ends the round, and not the process', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const { poller } = pollerWith(
      async (consumers, { report }) => {
        consumers.forEach((_, index) => {
          report(index, reading());
        });
        // Before anybody waits for the verdicts.
        for (let turn = 0; turn < 5; turn++) await nextTurn();
      },
      {
        limitsFor: () => {
          throw new Error('a mistake');
        },
      },
    );
    await expect(poller.pollOnce()).resolves.toBe('partial');
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(poller.hasPolled()).toBe(true);
  });

  test('a consumer that does not answer ages its own component only', async () => {
    const { poller, store } = pollerWith((_, { report }) => {
      report(0, reading());
      report(1, reading());
      report(2, timeout());
      return Promise.resolve();
    });
    await expect(poller.pollOnce()).resolves.toBe('partial');
    expect(store.latest('infra')).toBeDefined();
    expect(store.latest('apps')).toBeUndefined();
  });

  test('ends by its deadline when the reader never does, and drops what comes later', async () => {
    const reports: ((index: number, observation: Observation) => void)[] = [];
    const { poller, store } = pollerWith(
      (_, { report }) => {
        reports.push(report);
        return new Promise(() => undefined);
      },
      { everyMs: 200 },
    );
    await expect(poller.pollOnce()).resolves.toBe('partial');
    [0, 1, 2].forEach((index) => reports[0]?.(index, reading()));
    expect(store.latest('infra')).toBeUndefined();
    const infra = poller.inspect()[0];
    expect([0, 1, 2].map((index) => infra?.readsOf(index))).toMatchObject([
      { failure: { problem: 'timeout' } },
      { failure: { problem: 'timeout' } },
      { failure: { problem: 'timeout' } },
    ]);
  });

  test('runs one round at a time', async () => {
    const clock = aClock();
    const readConsumers = jest.fn<ReadConsumers>(() => new Promise((resolve) => setImmediate(resolve)));
    const { poller } = pollerWith(readConsumers, { clock });
    const first = poller.pollOnce();
    clock.time += 1000;
    await expect(poller.pollOnce()).resolves.toBe('skipped');
    await first;
    await poller.pollOnce();
    expect(readConsumers).toHaveBeenCalledTimes(2);
  });

  test('leaves half an interval between two rounds, so that two readings are never one moment', async () => {
    const clock = aClock();
    const { poller } = pollerWith(() => Promise.resolve(), { clock });
    await poller.pollOnce();
    clock.time += 499;
    await expect(poller.pollOnce()).resolves.toBe('skipped');
    clock.time += 1;
    await expect(poller.pollOnce()).resolves.toBe('partial');
  });

  test('survives a reader that breaks its word and rejects', async () => {
    const readConsumers = jest.fn<ReadConsumers>().mockRejectedValueOnce(new Error('broken'));
    readConsumers.mockImplementation((consumers, { report }) => {
      consumers.forEach((_, index) => {
        report(index, reading());
      });
      return Promise.resolve();
    });
    const clock = aClock();
    const { poller, store } = pollerWith(readConsumers, { clock });
    await expect(poller.pollOnce()).resolves.toBe('partial');
    clock.time += 1000;
    await expect(poller.pollOnce()).resolves.toBe('complete');
    expect(store.latest('apps')).toBeDefined();
  });
});
