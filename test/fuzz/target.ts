import assert from 'node:assert/strict';
import { freePort } from '../support/free-port.js';
import type { RunningService } from '../support/service.js';
import { startService } from '../support/service.js';

/** The service with nothing to poll, degraded for as long as the fuzzing may take. */
export async function startFuzzTarget(): Promise<{
  readonly service: RunningService;
  readonly port: number;
  /** @throws when a good request is not answered as it should be */
  readonly probe: () => Promise<void>;
}> {
  const service = await startService({
    nats: { url: `nats://127.0.0.1:${String(await freePort())}` },
    poll: { start_grace: '1h' },
    components: { infra: { consumers: [{ stream: 'INFRA', consumer: 'provisioner' }] } },
  });
  return {
    service,
    port: Number(new URL(service.url).port),
    async probe() {
      const response = await fetch(`${service.url}/api/v2/status/infra`, {
        signal: AbortSignal.timeout(5000),
      });
      const body = await response.json();
      assert.equal(response.status, 200);
      assert.equal((body as { status: string }).status, 'degraded');
    },
  };
}
