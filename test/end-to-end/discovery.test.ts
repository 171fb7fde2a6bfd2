import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JetStreamManager, NatsConnection } from 'nats';
import { AckPolicy, connect, createInbox } from 'nats';
import { eventually } from '../support/eventually.js';
import { describeWithNats, isAtLeast } from '../support/nats-binaries.js';
import type { NatsServer } from '../support/nats-server.js';
import { startNatsServer } from '../support/nats-server.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

/** The parts of `/debug/consumers` that are looked at. */
interface Debug {
  readonly discovery: { readonly failures: readonly object[] };
  readonly components: readonly {
    readonly id: string;
    readonly consumers: readonly {
      readonly stream: string;
      readonly consumer: string;
      readonly limits: object;
      readonly metadata_problems: readonly object[];
    }[];
  }[];
}

const COMPONENT = 'jetstream-status.component';
const COMPONENTS = {
  exact: { consumers: [{ stream: 'WORK', consumer: 'exact' }] },
  pattern: { consumers: [{ stream: 'WORK', consumer: 'prov-*' }] },
  whole: { consumers: [{ stream: 'WHOLE' }] },
  labelled: { discover: true },
  orders: {
    discover: true,
    streams: ['ORDERS-*', 'MISSING'],
    thresholds: { backlog: { critical: 1000 } },
  },
};

function accounts(publish: readonly string[]): string {
  return `accounts { A { jetstream: enabled, users: [
    { user: owner, password: owner },
    { user: monitor, password: monitor, permissions: {
      publish: ${JSON.stringify(publish)}, subscribe: ["_INBOX_status.>"]
    } }
  ] } }`;
}

const READING = ['$JS.API.CONSUMER.INFO.*.*', '$JS.API.STREAM.MSG.GET.*'];
const LISTING = ['$JS.API.CONSUMER.LIST.*', '$JS.API.STREAM.NAMES'];

describeWithNats('consumers that come and go', (binary) => {
  const hasMetadata = isAtLeast(binary, '2.10.0');
  let server: NatsServer;
  let service: RunningService;
  let nc: NatsConnection;
  let jsm: JetStreamManager;

  beforeAll(async () => {
    server = await startNatsServer({ bin: binary.bin, config: accounts([...READING, ...LISTING]) });
    nc = await connect({ servers: server.url, user: 'owner', pass: 'owner' });
    jsm = await nc.jetstreamManager();
    for (const name of ['WORK', 'WHOLE', 'ORDERS-eu']) {
      await jsm.streams.add({ name, subjects: [`${name.toLowerCase()}.>`] });
    }
    service = await startService({
      nats: { url: server.url, user: 'monitor', password: 'monitor', inbox_prefix: '_INBOX_status' },
      poll: { every: '1s', discover_every: '1s' },
      components: COMPONENTS,
    });
  });

  afterAll(async () => {
    await service.stop();
    await nc.close();
    await server.stop();
  });

  test('consumers by pattern have figures in the first round already', async () => {
    await jsm.streams.add({ name: 'FIRST', subjects: ['first'] });
    await jsm.consumers.add('FIRST', { durable_name: 'c', ack_policy: AckPolicy.Explicit });
    const seldom = await startService({
      nats: { url: server.url, user: 'owner', password: 'owner' },
      poll: { every: '60s' },
      components: { first: { consumers: [{ stream: 'FIRST', consumer: '*' }] } },
    });
    try {
      // The second round is a minute away.
      await seldom.until('first', ({ state }) => state === 'fresh');
    } finally {
      await seldom.stop();
    }
  });

  /** A consumer with a worker that asks for more than there is and acknowledges nothing. */
  async function addWorkedOn(stream: string, name: string, metadata?: Record<string, string>): Promise<void> {
    await jsm.consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      ...(metadata !== undefined && { metadata }),
    });
    const inbox = createInbox();
    nc.subscribe(inbox);
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, '{"batch":1000,"expires":120000000000}', {
      reply: inbox,
    });
    await nc.flush();
  }

  async function publish(subject: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) await nc.jetstream().publish(subject);
  }

  async function debugOf(stream: string, consumer: string) {
    const { components } = (await service.debug()) as Debug;
    return components
      .flatMap(({ consumers }) => consumers)
      .find((known) => known.stream === stream && known.consumer === consumer);
  }

  const isMissing = ({ status, detail }: { status: string; detail: string }): boolean =>
    status === 'down' && detail === 'consumer missing';
  const isUpWith =
    (pullers: number) =>
    ({ status, live_pullers: live, state }: { status: string; live_pullers: number; state: string }) =>
      status === 'up' && live === pullers && state === 'fresh';

  test('whoever finds nobody misses somebody', async () => {
    for (const id of Object.keys(COMPONENTS)) await service.until(id, isMissing);
  });

  test('a pattern takes what fits as it comes, and lets go of it as it goes, unlike an exact name', async () => {
    await addWorkedOn('WORK', 'exact');
    await addWorkedOn('WORK', 'prov-1');
    await service.until('pattern', isUpWith(1));
    await service.until('exact', isUpWith(1));
    await addWorkedOn('WORK', 'prov-2');
    await service.until('pattern', isUpWith(2));
    await jsm.consumers.delete('WORK', 'prov-1');
    await service.until('pattern', isUpWith(1));
    await eventually(async () => ((await debugOf('WORK', 'prov-1')) === undefined ? true : undefined));
    await jsm.consumers.delete('WORK', 'exact');
    await service.until('exact', isMissing);
    await jsm.consumers.delete('WORK', 'prov-2');
    await service.until('pattern', isMissing);
    await addWorkedOn('WORK', 'prov-3');
    await service.until('pattern', isUpWith(1));
    await service.until('exact', isMissing);
  });

  test('a whole stream means every consumer of it', async () => {
    await addWorkedOn('WHOLE', 'a');
    await addWorkedOn('WHOLE', 'b');
    await service.until('whole', isUpWith(2));
    await jsm.streams.delete('WHOLE');
    await service.until('whole', isMissing);
  });

  if (hasMetadata) {
    test('metadata makes a consumer belong to a component, wherever it is', async () => {
      await addWorkedOn('ORDERS-eu', 'eu', { [COMPONENT]: 'orders' });
      await addWorkedOn('WORK', 'elsewhere', { [COMPONENT]: 'orders' });
      await service.until('orders', isUpWith(1));
      await addWorkedOn('WORK', 'mine', { [COMPONENT]: 'labelled' });
      await service.until('labelled', isUpWith(1));

      // A stream that did not exist before.
      await jsm.streams.add({ name: 'ORDERS-us', subjects: ['orders-us.>'] });
      await addWorkedOn('ORDERS-us', 'us', { [COMPONENT]: 'orders' });
      await service.until('orders', isUpWith(2));

      // Another component by another label, then none.
      await jsm.consumers.update('ORDERS-us', 'us', { metadata: { [COMPONENT]: 'labelled' } });
      await service.until('labelled', isUpWith(2));
      await service.until('orders', isUpWith(1));
      await jsm.consumers.update('ORDERS-us', 'us', { metadata: { other: 'label' } });
      await service.until('labelled', isUpWith(1));
      await jsm.streams.delete('ORDERS-us');
      await service.until('orders', isUpWith(1));
    });

    test('limits are taken from the metadata as it is now, and tell where they come from', async () => {
      await publish('orders-eu.x', 3);
      await service.until('orders', (answer) => answer.status === 'up' && answer.in_flight === 3);
      expect((await debugOf('ORDERS-eu', 'eu'))?.limits).toEqual({
        backlog: {
          critical: { value: 1000, inclusive: false, source: 'file' },
          warn: { value: 100, inclusive: false, source: 'default' },
        },
        in_flight: { warn: { value: 100, inclusive: false, source: 'default' } },
        oldest_unacked: { warn: { value: 300, inclusive: false, source: 'default' } },
      });

      await jsm.consumers.update('ORDERS-eu', 'eu', {
        metadata: {
          [COMPONENT]: 'orders',
          'io.nats.monitor.outstanding-ack-critical': '3',
          'io.nats.monitor.unprocessed-critical': '5',
          'jetstream-status.oldest-unacked-warn': '2h',
          'jetstream-status.backlog-warn': 'plenty',
        },
      });
      const down = await service.until('orders', ({ status }) => status === 'down');
      expect(down.detail).toBe('in-flight above critical threshold');
      const debug = await debugOf('ORDERS-eu', 'eu');
      expect(debug?.limits).toEqual({
        backlog: {
          critical: { value: 1000, inclusive: false, source: 'file' },
          warn: { value: 100, inclusive: false, source: 'default' },
        },
        in_flight: { critical: { value: 3, inclusive: true, source: 'metadata' } },
        oldest_unacked: { warn: { value: 7200, inclusive: false, source: 'metadata' } },
      });
      expect(debug?.metadata_problems).toEqual([
        { key: 'jetstream-status.backlog-warn', problem: 'must be a whole number of 0 or more' },
      ]);

      // Ours wins over the other, and is crossed only above the value.
      await jsm.consumers.update('ORDERS-eu', 'eu', {
        metadata: {
          [COMPONENT]: 'orders',
          'io.nats.monitor.outstanding-ack-critical': '0',
          'jetstream-status.in-flight-warn': '2',
        },
      });
      const degraded = await service.until('orders', ({ status }) => status === 'degraded');
      expect(degraded.detail).toBe('in-flight above warning threshold');
      await jsm.consumers.update('ORDERS-eu', 'eu', {
        metadata: { [COMPONENT]: 'orders', 'jetstream-status.in-flight-warn': '4' },
      });
      await service.until('orders', ({ status }) => status === 'up');
    });
  } else {
    test('a server that keeps no metadata has nobody who belongs anywhere by it', async () => {
      // Our client would refuse; others send it, and the server drops it without a word.
      const config = { durable_name: 'eu', ack_policy: 'explicit', metadata: { [COMPONENT]: 'orders' } };
      const request = JSON.stringify({ stream_name: 'ORDERS-eu', config });
      await nc.request('$JS.API.CONSUMER.DURABLE.CREATE.ORDERS-eu.eu', request);
      expect((await jsm.consumers.info('ORDERS-eu', 'eu')).config.metadata).toBeUndefined();
      // By the second of two that come one after the other, a whole refresh lies between.
      await addWorkedOn('WORK', 'prov-8');
      await service.until('pattern', isUpWith(2));
      await addWorkedOn('WORK', 'prov-9');
      await service.until('pattern', isUpWith(3));
      await service.until('orders', isMissing);
      await publish('orders-eu.x', 1);
      expect(await debugOf('ORDERS-eu', 'eu')).toBeUndefined();
      expect(await service.status('orders')).toMatchObject({ status: 'down', in_flight: 0 });
    });
  }

  test('a refresh that fails keeps what was known', async () => {
    const before = await service.until(
      'pattern',
      ({ status, state }) => status === 'up' && state === 'fresh',
    );
    server.reload(accounts(READING));
    const failures = await eventually(async () => {
      const { discovery } = (await service.debug()) as Debug;
      return discovery.failures.length > 0 ? discovery.failures : undefined;
    });
    expect(failures).toContainEqual({ stream: 'WORK', problem: 'permission' });
    expect(failures).toContainEqual({ problem: 'permission' });
    // Rounds go on, and are accepted.
    const end = performance.now() + 4000;
    await eventually(async () => {
      const answer = await service.status('pattern');
      expect(answer).toMatchObject({ status: 'up', live_pullers: before.live_pullers });
      expect(answer.age).toBeLessThan(3);
      return performance.now() > end ? true : undefined;
    });
    if (hasMetadata) await service.until('orders', isUpWith(1));
  });
});
