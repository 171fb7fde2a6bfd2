import { AckPolicy, DeliverPolicy } from 'nats';
import { assertProbes, expectRecovery } from '../expectations.js';
import type { Platform } from '../platform.js';
import { createConsumer, INFRA, startPlatform } from '../platform.js';
import type { Row, Scene, Times } from '../row.js';
import { SLACK_MS } from '../row.js';
import { isAtLeast } from '../../support/nats-binary.js';

/** What makes a push consumer of it; deprecated for new ones by the client, not by the server. */
const DELIVERY: Readonly<Record<string, string>> = { deliver_subject: 'push.infra' };
const PUSH = {
  durable_name: INFRA.consumer,
  deliver_policy: DeliverPolicy.New,
  ack_policy: AckPolicy.Explicit,
  ...DELIVERY,
};

type Manager = Awaited<ReturnType<Platform['worker']['connection']['jetstreamManager']>>;
interface Act {
  readonly platform: Platform;
  readonly jsm: Manager;
}

interface ConsumerFault extends Pick<Row, 'id' | 'fault' | 'isShort' | 'obstacle'> {
  readonly inject: (act: Act) => Promise<unknown>;
  readonly heal: (act: Act) => Promise<unknown>;
  readonly says: readonly [status: string, detail: string];
  readonly noticeWithin: (times: Times) => number;
}

/** What is done to a consumer through the API: definite answers. */
export const CONSUMER_ROWS: readonly Row[] = [
  definiteRow({
    id: '11',
    fault: 'consumer deleted',
    isShort: true,
    inject: ({ jsm }) => jsm.consumers.delete(INFRA.stream, INFRA.consumer),
    heal: ({ platform }) => createConsumer(platform.worker.connection, INFRA),
    says: ['down', 'consumer missing'],
    noticeWithin: ({ every, timeout }) => 2 * every + timeout,
  }),
  definiteRow({
    id: '11b',
    fault: 'stream deleted',
    isShort: true,
    inject: ({ jsm }) => jsm.streams.delete(INFRA.stream),
    async heal({ jsm, platform }) {
      await jsm.streams.add({ name: INFRA.stream, subjects: [`${INFRA.stream}.>`] });
      await createConsumer(platform.worker.connection, INFRA);
    },
    says: ['down', 'consumer missing'],
    noticeWithin: ({ every, timeout }) => 2 * every + timeout,
  }),
  definiteRow({
    id: '12',
    fault: 'recreated as a push consumer without subscriber',
    isShort: true,
    async inject({ jsm }) {
      await jsm.consumers.delete(INFRA.stream, INFRA.consumer);
      await jsm.consumers.add(INFRA.stream, PUSH);
    },
    heal: ({ platform }) => Promise.resolve(platform.worker.connection.subscribe('push.infra')),
    says: ['down', 'no live pullers'],
    noticeWithin: ({ every }) => 4 * every,
  }),
  definiteRow({
    id: '12b',
    fault: 'paused',
    isShort: true,
    obstacle: ({ binary }) => (isAtLeast(binary, '2.11') ? undefined : 'servers before 2.11 cannot pause'),
    inject: ({ jsm }) => jsm.consumers.pause(INFRA.stream, INFRA.consumer, new Date(Date.now() + 3_600_000)),
    heal: ({ jsm }) => jsm.consumers.resume(INFRA.stream, INFRA.consumer),
    says: ['degraded', 'consumer paused'],
    noticeWithin: ({ every }) => 2 * every,
  }),
];

function definiteRow({ inject, heal, says, noticeWithin, ...row }: ConsumerFault): Row {
  return {
    ...row,
    async play(scene: Scene) {
      const platform = await startPlatform(scene);
      const { watch, worker } = platform;
      const act = { platform, jsm: await worker.connection.jetstreamManager({ checkAPI: false }) };
      const since = performance.now();
      await inject(act);
      const told = await watch.until(
        'infra',
        ({ status, detail, state }) => status === says[0] && detail === says[1] && state === 'fresh',
        { since, withinMs: noticeWithin(scene.times) + SLACK_MS },
      );
      scene.saw('notice', told.answeredAt - since);
      await heal(act);
      const healed = performance.now();
      await expectRecovery({ scene, watch, component: 'infra', since: healed }, 2 * scene.times.every);
      assertProbes(watch);
      const other = watch.samples('apps').find(({ askedAt, status }) => askedAt >= since && status !== 'up');
      if (other !== undefined) throw new Error(`another component changed: ${JSON.stringify(other)}`);
    },
  };
}
