import { expect, test } from '@jest/globals';
import { AckPolicy, connect } from 'nats';
import { eventually } from '../support/eventually.js';
import { describeWithNats } from '../support/nats-binaries.js';
import { startNatsServer } from '../support/nats-server.js';
import { startService } from '../support/service.js';

interface History {
  readonly interval_seconds: number;
  readonly samples: readonly { readonly at: string; readonly state: string; readonly backlog: number }[];
}

describeWithNats('the history', ({ bin }) => {
  test('survives a reload for a component that did not change, and only for that', async () => {
    const nats = await startNatsServer({ bin });
    const nc = await connect({ servers: nats.url });
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'S', subjects: ['s'] });
    await jsm.consumers.add('S', { durable_name: 'c', ack_policy: AckPolicy.Explicit });
    await nc.jetstream().publish('s');
    await nc.close();
    const consumers = [{ stream: 'S', consumer: 'c' }];
    const configOf = (changed: object): object => ({
      nats: { url: nats.url },
      poll: { every: '1s' },
      components: { same: { consumers }, changed: { consumers, ...changed } },
    });
    const service = await startService(configOf({}));
    const samplesOf = async (id: string): Promise<History['samples']> =>
      ((await (await fetch(`${service.url}/api/v2/status/${id}/history`)).json()) as History).samples;
    const atLeast = (id: string, count: number): Promise<History['samples']> =>
      eventually(async () => {
        const samples = await samplesOf(id);
        return samples.length >= count ? samples : undefined;
      });

    await atLeast('changed', 3);
    const before = await atLeast('same', 3);
    expect(before[0]).toMatchObject({ state: 'degraded', backlog: 1 });
    await service.reload(configOf({ name: 'Another name' }));
    await eventually(() => (service.output().includes('configuration reloaded') ? true : undefined));
    expect((await samplesOf('same')).slice(0, 3)).toEqual(before.slice(0, 3));
    expect((await atLeast('changed', 1)).some(({ at }) => at <= (before[1]?.at ?? ''))).toBe(false);
    await service.stop();
    await nats.stop();
  });
});
