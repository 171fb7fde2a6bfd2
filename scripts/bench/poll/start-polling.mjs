import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startService } from '../processes.mjs';
import { STREAMS } from './consumers.mjs';
import { snapshotTime } from './rounds.mjs';

/** The first round of 10,000 consumers is the slowest one. */
const FIGURES_WITHIN_MS = 30_000;

/**
 * The service with one component for each stream, once it has figures.
 *
 * @param {string} natsUrl
 * @param {{ choose: (stream: number) => object[], everyMs: number }} options which consumers of a stream, and how often
 * @param {(() => Promise<unknown>)[]} stops
 */
export async function startPolling(natsUrl, { choose, everyMs }, stops) {
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-bench-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const components = Array.from({ length: STREAMS }, (_, stream) => [
    `s${stream}`,
    // Nobody works here, which is as it should be while there is nothing to do.
    { consumers: choose(stream).map((selection) => ({ ...selection, expect_pullers: 'when_due' })) },
  ]);
  const file = join(folder, 'config.yaml');
  const config = {
    nats: { url: natsUrl },
    poll: { every: everyMs < 60_000 ? `${everyMs / 1000}s` : `${everyMs / 60_000}m` },
    http: { host: '127.0.0.1', port: 0 },
    admin: { port: 0 },
    components: Object.fromEntries(components),
  };
  await writeFile(file, JSON.stringify(config));
  const service = await startService(file);
  stops.push(service.stop);
  const { peakRss: peakWhenListening } = await service.usage();
  const endsAt = performance.now() + FIGURES_WITHIN_MS;
  while ((await snapshotTime(service.port)) === undefined) {
    if (performance.now() > endsAt) throw new Error('the service has no figures');
    await sleep(50);
  }
  return { ...service, peakWhenListening };
}
