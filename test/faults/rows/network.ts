import { setTimeout as sleep } from 'node:timers/promises';
import type { Treatment } from '../../support/chaos-proxy.js';
import { assertLadder, assertProbes, expectRecovery } from '../expectations.js';
import { startPlatform } from '../platform.js';
import { ladderRow, unseenRow } from '../platform-row.js';
import type { Row, Times } from '../row.js';
import { assertNoPileUp } from './server.js';

/** What becomes of the bytes between the service and the server. */
export const NETWORK_ROWS: readonly Row[] = [
  ladderRow({
    id: '5p',
    fault: 'half-open TCP (a proxy that swallows everything)',
    isShort: true,
    platform: { throughProxy: true },
    inject: ({ proxy }) => {
      proxy.treat({ kind: 'blackhole' });
    },
    heal: ({ proxy }) => {
      proxy.treat({ kind: 'pass' });
    },
    // The dial that is under way meets the black hole and must time out first.
    recoverWithin: ({ every }) => 2000 + 2 * every,
  }),
  {
    id: '6',
    fault: 'answers late but within poll.timeout',
    isShort: false,
    async play(scene) {
      const ms = scene.times.timeout / 6;
      await unseenRow({
        ...{ id: '6', fault: '', isShort: false, platform: { throughProxy: true } },
        inject: ({ proxy }) => {
          proxy.treat({ kind: 'delay', ms, jitterMs: ms / 2 });
        },
        lasts: ({ staleAfter, every }) => staleAfter + 5 * every,
      }).play(scene);
    },
  },
  lateRow({ id: '6b', fault: 'answers later than poll.timeout', late: ({ timeout }) => timeout }),
  lateRow({ id: '16', fault: 'answers later than poll.every', late: ({ every }) => 0.75 * every }),
  spoiltRow('6c', 'chunks lost', { kind: 'drop', share: 0.3 }),
  spoiltRow('6d', 'chunks of garbage', { kind: 'garbage', share: 0.3 }),
  spoiltRow('6e', 'connections cut off in mid-answer', { kind: 'truncate', afterBytes: 1500 }),
  spoiltRow('6f', 'connections reset all the time', { kind: 'reset', afterMs: 50 }),
  spoiltRow('6g', 'a few bytes at a time', { kind: 'drip', bytes: 20, pauseMs: 20 }),
];

function lateRow({ id, fault, late }: { id: string; fault: string; late: (times: Times) => number }): Row {
  return ladderRow({
    ...{ id, fault, isShort: false, platform: { throughProxy: true } },
    inject: ({ proxy, scene }) => {
      // Both ways.
      proxy.treat({ kind: 'delay', ms: late(scene.times) });
    },
    heal: ({ proxy }) => {
      proxy.treat({ kind: 'pass' });
      // What is still on its way late would be in the way of what comes after.
      proxy.resetAll();
    },
    recoverWithin: ({ every }) => 2000 + 2 * every,
    assertAfter: assertNoPileUp,
  });
}

/** Some answers come and some do not: never anything but the truth or the ladder. */
function spoiltRow(id: string, fault: string, treatment: Treatment): Row {
  return {
    ...{ id, fault, isShort: id === '6f' },
    async play(scene) {
      const { proxy, watch } = await startPlatform(scene, { throughProxy: true });
      const since = performance.now();
      proxy.treat(treatment);
      await sleep(scene.times.deadAfter);
      for (const component of ['infra', 'apps']) {
        assertHonest(
          scene,
          watch.samples(component).filter(({ askedAt }) => askedAt >= since),
        );
      }
      proxy.treat({ kind: 'pass' });
      proxy.resetAll();
      const healed = performance.now();
      await expectRecovery({ scene, watch, component: 'infra', since: healed }, 2000 + 2 * scene.times.every);
      assertProbes(watch);
    },
  };
}

/** After an outage the workers may not have been seen yet; everything else is the ladder. */
function assertHonest(...[scene, samples]: Parameters<typeof assertLadder>): void {
  assertLadder(
    scene,
    samples.filter(({ state, detail }) => !(state === 'fresh' && detail === 'no live pullers seen yet')),
  );
}
