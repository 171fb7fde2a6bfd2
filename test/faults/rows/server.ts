import assert from 'node:assert/strict';
import { startNatsServer } from '../../support/nats-server.js';
import { paced } from '../../support/pace.js';
import { assertProbes, expectNothingYet, expectRecovery } from '../expectations.js';
import { APPS, createConsumers, INFRA, startWatched } from '../platform.js';
import { ladderRow, unseenRow } from '../platform-row.js';
import type { Row } from '../row.js';
import { startWatch } from '../watch.js';
import { startWorker } from '../worker.js';

/** The client library gives up for good after an outage of about 20 s unless it is told otherwise. */
const LONGER_THAN_DEFAULTS_LAST_MS = 24_000;

/** What becomes of the single server. */
export const SERVER_ROWS: readonly Row[] = [
  {
    id: '1',
    fault: 'no server at the start',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const { every } = scene.times;
      const server = scene.own(await startNatsServer({ bin: scene.binary.bin }));
      await createConsumers({ servers: server.url }, [INFRA, APPS]);
      const worker = scene.own(await startWorker({ servers: server.url }, [INFRA, APPS]));
      await server.kill();
      const started = performance.now();
      const service = await startWatched(scene, { nats: { url: server.url } });
      const watch = scene.own(startWatch(service, ['infra']));
      const listening = await expectNothingYet({ scene, watch, component: 'infra', since: started });
      // Long enough for every pause between two dials to have grown.
      await watch.until('infra', ({ askedAt }) => askedAt > listening + 12_000, {
        since: listening,
        withinMs: paced(13_000),
      });
      await server.restart();
      const healed = performance.now();
      await expectRecovery({ scene, watch, component: 'infra', since: healed }, 2000 + 2 * every);
      assertProbes(watch);
      assert.equal(worker.connection.isClosed(), false);
    },
  },
  ladderRow({
    id: '2',
    fault: 'server killed in mid-poll',
    isShort: true,
    lasts: LONGER_THAN_DEFAULTS_LAST_MS,
    inject: ({ server }) => server.kill('SIGKILL'),
    heal: ({ server }) => server.restart(),
    recoverWithin: ({ every }) => 2000 + 2 * every,
  }),
  unseenRow({
    id: '3',
    fault: 'restart shorter than stale_after',
    isShort: true,
    inject: ({ server }) => server.restart(),
    lasts: () => 0,
  }),
  ladderRow({
    id: '4',
    fault: 'hung server (SIGSTOP)',
    isShort: true,
    platform: { throughProxy: true },
    inject: ({ server }) => {
      server.signal('SIGSTOP');
    },
    heal: ({ server }) => {
      server.signal('SIGCONT');
    },
    recoverWithin: ({ every }) => 2 * every,
    assertAfter: assertNoPileUp,
  }),
  ladderRow({
    id: '10',
    fault: 'JetStream off after a restart',
    isShort: false,
    inject: ({ server }) => server.restart({ jetstream: false }),
    heal: ({ server }) => server.restart({ jetstream: true }),
    recoverWithin: ({ every }) => 2000 + 2 * every,
  }),
  {
    id: '19',
    fault: 'upgrade through all versions and back',
    isShort: false,
    obstacle: ({ binaries }) =>
      binaries.length > 1 ? undefined : 'needs several servers: set NATS_SERVER_BINS to two or more',
    async play(scene) {
      const there = scene.binaries.map(({ bin }) => bin);
      const steps = [...there.slice(1), ...there.slice(0, -1).reverse()];
      await unseenRow({
        ...{ id: '19', fault: '', isShort: false, lasts: () => 0 },
        async inject({ server, watch }) {
          for (const bin of steps) {
            await server.restart({ bin });
            const since = performance.now();
            const isReadAnew = ({ age, askedAt }: { age: number; askedAt: number }): boolean =>
              age * 1000 < askedAt - since;
            await watch.until('infra', isReadAnew, { since, withinMs: scene.times.deadAfter });
          }
        },
      }).play({ ...scene, binary: scene.binaries[0] ?? scene.binary });
    },
  },
];

/** Two consumers are asked at most twice a round, and rounds do not overlap. */
export function assertNoPileUp({
  proxy,
  scene,
  watch,
}: {
  proxy: { apiRequests(): number };
  scene: { times: { every: number } };
  watch: { samples(id: string): readonly { askedAt: number }[] };
}): void {
  const samples = watch.samples('infra');
  const lastedMs = (samples.at(-1)?.askedAt ?? 0) - (samples[0]?.askedAt ?? 0);
  const rounds = lastedMs / scene.times.every + 3;
  assert.ok(
    proxy.apiRequests() <= 4 * rounds,
    `${String(proxy.apiRequests())} requests in ${String(rounds)} rounds`,
  );
}
