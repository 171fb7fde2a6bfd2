import assert from 'node:assert/strict';
import { startNatsServer } from '../../support/nats-server.js';
import { paced } from '../../support/pace.js';
import { assertProbes, expectNothingYet, expectRecovery } from '../expectations.js';
import { APPS, createConsumers, INFRA, startWatched } from '../platform.js';
import { ladderRow } from '../platform-row.js';
import type { Row } from '../row.js';
import { startWatch } from '../watch.js';
import { startWorker } from '../worker.js';

const MONITOR = { user: 'monitor', password: 'right' };
const WORKER = { user: 'worker', pass: 'worker' };

function users(monitor: string): string {
  return `authorization { users: [ { user: worker, password: worker }, ${monitor} ] }`;
}

const WELCOME = users('{ user: monitor, password: right }');
const GONE = users('{ user: somebody, password: else }');
const WITHOUT_INFRA = users(
  '{ user: monitor, password: right, permissions: { publish: { deny: "$JS.API.CONSUMER.INFO.INFRA.>" } } }',
);

/** What becomes of the service's rights. */
export const LOGIN_ROWS: readonly Row[] = [
  {
    id: '7',
    fault: 'wrong credentials at the start',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      const { every } = scene.times;
      const server = scene.own(await startNatsServer({ bin: scene.binary.bin, config: GONE }));
      await createConsumers({ servers: server.url, ...WORKER }, [INFRA, APPS]);
      scene.own(await startWorker({ servers: server.url, ...WORKER }, [INFRA, APPS]));
      const started = performance.now();
      const service = await startWatched(scene, { nats: { url: server.url, ...MONITOR } });
      const watch = scene.own(startWatch(service, ['infra']));
      const listening = await expectNothingYet({ scene, watch, component: 'infra', since: started });
      assert.match(service.output(), /"event":"nats_disconnected","problem":"auth"/);
      await watch.until('infra', ({ askedAt }) => askedAt > listening + 8000, {
        since: listening,
        withinMs: paced(9000),
      });
      server.reload(WELCOME);
      const healed = performance.now();
      await expectRecovery({ scene, watch, component: 'infra', since: healed }, 5000 + 2 * every);
      assertProbes(watch);
    },
  },
  ladderRow({
    id: '8',
    fault: 'credentials revoked, later restored',
    isShort: true,
    platform: { serverConfig: WELCOME, login: MONITOR, workerLogin: WORKER },
    inject: ({ server }) => {
      server.reload(GONE);
    },
    heal: ({ server }) => {
      server.reload(WELCOME);
    },
    recoverWithin: ({ every }) => 10_000 + 2 * every,
  }),
  ladderRow({
    id: '9',
    fault: 'permission to one consumer lost',
    isShort: false,
    platform: { serverConfig: WELCOME, login: MONITOR, workerLogin: WORKER },
    untouched: ['apps'],
    inject: ({ server }) => {
      server.reload(WITHOUT_INFRA);
    },
    heal: ({ server }) => {
      server.reload(WELCOME);
    },
    recoverWithin: ({ every }) => 2 * every,
  }),
];
