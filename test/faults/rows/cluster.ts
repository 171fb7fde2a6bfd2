import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsCluster } from '../../support/nats-cluster.js';
import { startNatsCluster } from '../../support/nats-cluster.js';
import { paced } from '../../support/pace.js';
import { assertProbes, expectNoChange, expectRecovery } from '../expectations.js';
import { APPS, bothAreUp, createConsumers, INFRA, startWatched } from '../platform.js';
import type { Row, Scene } from '../row.js';
import { SLACK_MS } from '../row.js';
import type { Watch } from '../watch.js';
import { startWatch } from '../watch.js';
import { startDefaultWorker, startWorker } from '../worker.js';

/** An election takes longer than the short times allow; these are what a configuration has that sets none. */
const STALE_AFTER_MS = paced(15_000);
const DEAD_AFTER_MS = paced(60_000);
/** Longest time until an idle default worker pulls again after its leader is gone, with a reserve. */
const UNTIL_WORKERS_PULL_MS = 50_000;
/** Until it is clear that an election changes nothing, where workers pull again by themselves. */
const ELECTION_MS = 15_000;

interface ClusterScene {
  readonly scene: Scene;
  readonly cluster: NatsCluster;
  readonly watch: Watch;
}

/** Three servers with replicated consumers, and the service that watches them by way of all three. */
async function startCluster(given: Scene, { defaultWorker = false } = {}): Promise<ClusterScene> {
  const scene = {
    ...given,
    times: { ...given.times, staleAfter: STALE_AFTER_MS, deadAfter: DEAD_AFTER_MS },
  };
  const cluster = scene.own(await startNatsCluster(scene.binary.bin));
  const servers = [...cluster.urls];
  await createConsumers({ servers }, [INFRA, APPS], 3);
  if (defaultWorker) {
    // On a server that stays: such a worker learns late that its pull request is lost.
    const leader = await cluster.consumerLeader(INFRA.stream, INFRA.consumer);
    const elsewhere = cluster.names.filter((name) => name !== leader).map((name) => cluster.member(name).url);
    scene.own(await startDefaultWorker({ servers: elsewhere }, INFRA));
    scene.own(await startWorker({ servers }, [APPS]));
  } else {
    scene.own(await startWorker({ servers }, [INFRA, APPS]));
  }
  const service = await startWatched(scene, { nats: { url: cluster.url } });
  const watch = scene.own(startWatch(service, ['infra', 'apps']));
  await bothAreUp(watch, paced(20_000));
  if (scene.afterAnother) {
    const member = cluster.member(await cluster.metaLeader());
    member.signal('SIGSTOP');
    await sleep(1500);
    member.signal('SIGCONT');
  }
  return { scene, cluster, watch };
}

/** The consumer's leader is killed, and nobody sees it. */
async function playElection(
  scene: Scene,
  forMs: number,
  options: Parameters<typeof startCluster>[1] = {},
): Promise<void> {
  const { cluster, watch } = await startCluster(scene, options);
  const since = performance.now();
  await cluster.member(await cluster.consumerLeader(INFRA.stream, INFRA.consumer)).kill('SIGKILL');
  await expectNoChange({ watch, component: 'infra', since }, forMs);
  assertProbes(watch);
}

/** What becomes of a cluster of three. */
export const CLUSTER_ROWS: readonly Row[] = [
  {
    id: '13',
    fault: 'leader of a replicated consumer killed',
    isShort: true,
    play: (given) => playElection(given, ELECTION_MS),
  },
  {
    id: '13b',
    fault: 'the same with an idle default worker elsewhere',
    isShort: false,
    play: (given) => playElection(given, UNTIL_WORKERS_PULL_MS, { defaultWorker: true }),
  },
  {
    id: '14',
    fault: 'quorum lost, the leader alive',
    isShort: false,
    async play(given) {
      const { scene, cluster, watch } = await startCluster(given);
      const leader = await cluster.consumerLeader(INFRA.stream, INFRA.consumer);
      const followers = cluster.names.filter((name) => name !== leader).map((name) => cluster.member(name));
      const since = performance.now();
      await Promise.all(followers.map((follower) => follower.kill('SIGKILL')));
      // Either the leader's own word, while it still answers, or the age of the figures.
      const noticed = await watch.until('infra', ({ status }) => status !== 'up', {
        since,
        withinMs: paced(17_000) + STALE_AFTER_MS + SLACK_MS,
      });
      if (!/^(replication below quorum|figures are \d+ seconds old)$/.test(noticed.detail)) {
        throw new Error(JSON.stringify(noticed));
      }
      scene.saw('notice', noticed.answeredAt - since);
      await Promise.all(followers.map((follower) => follower.restart()));
      const healed = performance.now();
      await expectRecovery(
        { scene, watch, component: 'infra', since: healed },
        10_000 + 2 * scene.times.every,
      );
      assertProbes(watch);
    },
  },
  {
    id: '15',
    fault: 'only the leader of all JetStream killed',
    isShort: false,
    async play(given) {
      const { cluster, watch } = await startCluster(given);
      const name = await cluster.metaLeader();
      const leads = await Promise.all(
        [INFRA, APPS].map(({ stream, consumer }) => cluster.consumerLeader(stream, consumer)),
      );
      const since = performance.now();
      await cluster.member(name).kill('SIGKILL');
      // A component whose consumer it led as well has an election of its own, which is row 13.
      const index = leads.findIndex((leader) => leader !== name);
      const component = ['infra', 'apps'][index] ?? 'infra';
      await expectNoChange({ watch, component, since }, ELECTION_MS);
      assertProbes(watch);
    },
  },
  {
    id: '3r',
    fault: 'rolling restart of a cluster',
    isShort: false,
    async play(given) {
      const { cluster, watch } = await startCluster(given);
      const since = performance.now();
      for (const name of cluster.names) {
        await cluster.member(name).restart();
        // As those do it who wait until the member is back.
        await cluster.metaLeader();
        await sleep(8000);
      }
      await expectNoChange({ watch, component: 'infra', since }, performance.now() - since);
      assertProbes(watch);
    },
  },
];
