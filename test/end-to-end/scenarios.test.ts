import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JsMsg } from 'nats';
import { AckPolicy, DeliverPolicy, RetentionPolicy } from 'nats';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithNats, isAtLeast } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';
import type { Stage } from './scenario.js';
import { withStage } from './scenario.js';

interface Scenario {
  readonly name: string;
  /** First server version that has what it needs. */
  readonly since?: string;
  /** Names of consumers of the scenario's component; `c` unless said. */
  readonly consumers?: readonly string[];
  readonly act: (stage: Stage) => Promise<void>;
}

const ack = (...messages: (JsMsg | undefined)[]): void => {
  for (const message of messages) message?.ack();
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  s01: {
    name: 'an empty stream without a client',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.expect([0, 0, 0]);
    },
  },
  s02: {
    name: 'open pulls of one client, then the client is gone',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      const closes = [await stage.openPull(), await stage.openPull(), await stage.openPull()];
      await stage.expect([3, 0, 0]);
      await Promise.all(closes.map((close) => close()));
      await stage.expect([0, 0, 0]);
    },
  },
  s03: {
    name: 'nobody pulls',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(5);
      await stage.expect([0, 5, 0, 1]);
    },
  },
  s04: {
    name: 'all delivered, acknowledged out of order',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(5);
      const messages = await stage.pull(5);
      await stage.expect([0, 0, 5, 1]);
      ack(messages[1], messages[3]);
      await stage.expect([0, 0, 3, 1]);
      ack(messages[0]);
      await stage.expect([0, 0, 2, 3]);
      ack(messages[2], messages[4]);
      await stage.expect([0, 0, 0]);
    },
  },
  s06: {
    name: 'what was delivered is settled, the rest waits',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(5);
      ack(...(await stage.pull(2)));
      await stage.expect([0, 3, 0, 3]);
    },
  },
  s07: {
    name: 'a worker that handles one message at a time is never down',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      const worker = await stage.connection();
      const messages = await (
        await worker.jetstream().consumers.get(stage.stream, 'c')
      ).consume({ max_messages: 1 });
      const working = (async () => {
        for await (const message of messages) {
          await sleep(5000);
          message.ack();
          return;
        }
      })();
      await stage.expect([1, 0, 0]);
      await stage.publish(3);
      await stage.expect([0, 2, 1, 1]);
      for (let i = 0; i < 20; i++) {
        expect(await stage.service.status(stage.id)).toMatchObject({ status: 'up' });
        await sleep(200);
      }
      await working;
    },
  },
  s09: {
    name: 'a pull that has expired',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.pull(1);
      await stage.expect([0, 0, 0]);
    },
  },
  s10: {
    name: 'a filter, with messages of other subjects between',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ filter_subject: `${stage.id}.b` });
      await stage.publish(1, 'a');
      await stage.publish(1, 'b');
      await stage.publish(1, 'a');
      await stage.publish(1, 'b');
      await stage.expect([0, 2, 0, 2]);
      ack(...(await stage.pull(2)));
      await stage.publish(20, 'a');
      await stage.expect([0, 0, 0]);
      await stage.publish(1, 'b');
      await stage.expect([0, 1, 0, 25]);
    },
  },
  s11: {
    name: 'several filters',
    since: '2.10',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ filter_subjects: [`${stage.id}.b`, `${stage.id}.c`] });
      for (const subject of ['x', 'a', 'c', 'x', 'b']) await stage.publish(1, subject);
      await stage.expect([0, 2, 0, 3]);
      ack(...(await stage.pull(1)));
      await stage.expect([0, 1, 0, 5]);
    },
  },
  s12: {
    name: 'deliver policy new: not the age of the first message of the stream',
    async act(stage) {
      await stage.createStream();
      await stage.publish(6);
      await stage.createConsumer({ deliver_policy: DeliverPolicy.New });
      await stage.expect([0, 0, 0]);
      await sleep(2500);
      await stage.publish(3);
      await stage.expect([0, 3, 0, 7]);
      const [seventh, eighth] = await stage.pull(2);
      await stage.expect([0, 1, 2, 7]);
      ack(eighth);
      await stage.expect([0, 1, 1, 7]);
      ack(seventh);
      await stage.expect([0, 1, 0, 9]);
    },
  },
  s14: {
    name: 'deliver policy last',
    async act(stage) {
      await stage.createStream();
      await stage.publish(6);
      await stage.createConsumer({ deliver_policy: DeliverPolicy.Last });
      await stage.publish(2);
      await stage.pull(2);
      await stage.expect([0, 1, 2, 6]);
    },
  },
  s15: {
    name: 'ack policy none',
    async act(stage) {
      await stage.createStream();
      await stage.jsm.consumers.add(stage.stream, { durable_name: 'c', ack_policy: AckPolicy.None });
      await stage.publish(4);
      await stage.pull(2);
      await stage.expect([0, 2, 0, 3]);
      await stage.pull(2);
      await stage.expect([0, 0, 0]);
    },
  },
  s16: {
    name: 'ack policy all',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ ack_policy: AckPolicy.All });
      await stage.publish(4);
      ack((await stage.pull(3))[1]);
      await stage.expect([0, 1, 1, 3]);
    },
  },
  s17: {
    name: 'the limit of messages in flight is reached',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ max_ack_pending: 3 });
      await stage.publish(10);
      const close = await stage.openPull(10);
      await stage.expect([1, 7, 3, 1]);
      await close();
    },
  },
  s18: {
    name: 'refused, delayed, terminated, in progress',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(4);
      const [first, second, third, fourth] = await stage.pull(4);
      first?.nak();
      second?.nak(60_000);
      third?.term();
      fourth?.working();
      await stage.expect([0, 0, 3, 1]);
    },
  },
  s19: {
    name: 'the ack wait lapses and nobody pulls: that is no backlog',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ ack_wait: 1e9 });
      await stage.publish(2);
      await stage.pull(2);
      await sleep(3000);
      await stage.expect([0, 0, 2, 1]);
    },
  },
  s20: {
    name: 'a message that was given up after its last delivery',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ max_deliver: 2, ack_wait: 0.5e9 });
      await stage.publish(1);
      await stage.pull(1);
      await sleep(700);
      await stage.pull(1);
      await sleep(700);
      await stage.pull(1);
      await stage.expect([0, 0, 0]);
      await stage.publish(2);
      await stage.expect([0, 2, 0, 2]);
    },
  },
  s21: {
    name: 'messages are deleted and purged',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(5);
      await stage.pull(3);
      await stage.jsm.streams.deleteMessage(stage.stream, 1);
      await stage.expect([0, 2, 2, 2]);
      await stage.jsm.streams.deleteMessage(stage.stream, 2);
      await stage.jsm.streams.deleteMessage(stage.stream, 3);
      await stage.expect([0, 2, 0, 4]);
      await stage.jsm.streams.purge(stage.stream);
      await stage.expect([0, 0, 0]);
    },
  },
  s22: {
    name: 'messages in flight are evicted',
    async act(stage) {
      await stage.createStream({ max_msgs: 3 });
      await stage.createConsumer();
      await stage.publish(3);
      await stage.pull(2);
      await stage.publish(2);
      await stage.expect([0, 3, 0, 3]);
    },
  },
  s23: {
    name: 'a work queue',
    async act(stage) {
      await stage.createStream({ retention: RetentionPolicy.Workqueue });
      await stage.createConsumer();
      await stage.publish(4);
      const [first, second] = await stage.pull(3);
      ack(second);
      await stage.expect([0, 1, 2, 1]);
      ack(first);
      await stage.expect([0, 1, 1, 3]);
    },
  },
  s24: {
    name: 'two consumers of an interest stream: the largest, not the sum',
    consumers: ['x', 'y'],
    async act(stage) {
      await stage.createStream({ retention: RetentionPolicy.Interest });
      await stage.createConsumer({}, 'x');
      await stage.createConsumer({}, 'y');
      await stage.publish(2);
      ack(...(await stage.pull(2, 'x')));
      await stage.expect([0, 2, 0, 1]);
    },
  },
  s25: {
    name: 'a push consumer',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ deliver_subject: `deliver.${stage.id}`, deliver_group: 'workers' });
      await stage.publish(2);
      await stage.expect([0, 2, 0, 1]);
      const worker = await stage.connection();
      for (let i = 0; i < 3; i++) worker.subscribe(`deliver.${stage.id}`, { queue: 'workers' });
      await stage.expect([1, 0, 2, 1]);
      await worker.close();
      await stage.expect([0, 0, 2, 1]);
    },
  },
  s26: {
    name: 'paused',
    since: '2.11',
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer();
      const close = await stage.openPull();
      await stage.jsm.consumers.pause(stage.stream, 'c', new Date(Date.now() + 3_600_000));
      await stage.publish(2);
      await stage.expect([1, 2, 0, 1]);
      await stage.service.until(stage.id, ({ status, detail }) => {
        return status === 'degraded' && detail === 'consumer paused';
      });
      await close();
    },
  },
  s27: {
    name: 'pulls are summed up, the rest is the largest',
    consumers: ['one', 'two'],
    async act(stage) {
      await stage.createStream();
      await stage.createConsumer({ filter_subject: `${stage.id}.one`, max_ack_pending: 1 }, 'one');
      await stage.createConsumer({ filter_subject: `${stage.id}.two`, max_ack_pending: 3 }, 'two');
      await stage.publish(5, 'two');
      await stage.pull(3, 'two');
      await stage.publish(6, 'one');
      await stage.pull(1, 'one');
      const closes = [
        await stage.openPull(1, 'one'),
        await stage.openPull(1, 'two'),
        await stage.openPull(1, 'two'),
      ];
      await stage.expect([3, 5, 3, 1]);
      await Promise.all(closes.map((close) => close()));
    },
  },
  s28: {
    name: 'the consumer and the stream are deleted and made anew',
    async act(stage) {
      const { service, id } = stage;
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(2);
      await stage.expect([0, 2, 0, 1]);
      const isMissing = ({ status, detail }: { status: string; detail: string }): boolean =>
        status === 'down' && detail === 'consumer missing';
      await stage.jsm.consumers.delete(stage.stream, 'c');
      await service.until(id, isMissing);
      await stage.jsm.streams.delete(stage.stream);
      await service.until(id, isMissing);
      await sleep(2500);
      await stage.createStream();
      await stage.createConsumer();
      await stage.publish(1);
      await stage.expect([0, 1, 0, 3]);
    },
  },
};

describeWithNats('figures through HTTP', (binary) => {
  const scenarios = Object.entries(SCENARIOS).filter(
    ([, { since }]) => since === undefined || isAtLeast(binary, since),
  );
  const played = new Map<string, Promise<void>>();
  let server: NatsServer;
  let service: RunningService;

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin });
    service = await startService({
      nats: { url: server.url },
      poll: { every: '1s', confirm: { worse: 1, better: 1 } },
      components: Object.fromEntries(
        scenarios.map(([id, { consumers = ['c'] }]) => [
          id,
          {
            consumers: consumers.map((consumer) => ({ stream: id.toUpperCase(), consumer })),
            // Only life and presence are looked at here.
            thresholds: { oldest_unacked: { warn: '1h' } },
          },
        ]),
      ),
    });
    // All of them at once: each waits most of its time, and none touches another's stream.
    for (const [id, { act }] of scenarios) {
      const playing = withStage(id, { url: server.url, service }, act);
      // Told by its own test.
      playing.catch(() => undefined);
      played.set(id, playing);
    }
  });

  afterAll(async () => {
    await Promise.allSettled(played.values());
    await service.stop();
    await server.stop();
  });

  test.each(scenarios.map(([id, { name }]) => [id, name]))(
    '%s: %s',
    async (id) => {
      await played.get(id);
    },
    60_000,
  );
});
