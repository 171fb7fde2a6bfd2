import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { readEvents } from '../support/event-reader.js';
import { startService } from '../support/service.js';

/** Nobody listens at port 9: what is told comes from time alone. */
function configOf(components: Record<string, string>, title = 'Platform status'): object {
  return {
    nats: { url: 'nats://127.0.0.1:9' },
    poll: { every: '1s', stale_after: '2s', dead_after: '3s', start_grace: '1s' },
    page: { title },
    components: Object.fromEntries(
      Object.entries(components).map(([id, stream]) => [id, { consumers: [{ stream, consumer: 'c' }] }]),
    ),
  };
}

test('a stream of events goes on across reloads and ends with the service', async () => {
  const service = await startService(configOf({ infra: 'INFRA' }));
  const reader = await readEvents(`${service.url}/api/v2/events`);
  const events = await reader.until(2);
  expect(events).toMatchObject([
    { id: 'infra', state: 'degraded', detail: 'status not yet known' },
    { id: 'infra', state: 'down', detail: 'status unknown: no figures yet' },
  ]);

  const reloads = (): number => service.output().split('configuration reloaded').length - 1;
  await service.reload(configOf({ infra: 'INFRA' }, 'Another title'));
  await eventually(() => (reloads() === 1 ? true : undefined));
  await service.reload(configOf({ infra: 'INFRA', apps: 'APPS' }));
  await reader.until(4);
  expect(reader.events().slice(2)).toMatchObject([
    { id: 'apps', state: 'degraded' },
    { id: 'apps', state: 'down' },
  ]);

  const exit = service.stop();
  expect(await reader.ended()).toBe('end');
  expect(await exit).toBe(0);
});
