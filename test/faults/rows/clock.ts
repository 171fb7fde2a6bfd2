import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from '../../support/pace.js';
import { assertProbes, expectNoChange, expectRecovery } from '../expectations.js';
import type { Platform } from '../platform.js';
import { startPlatform } from '../platform.js';
import type { Row, Scene } from '../row.js';

const CONTROL_PROCESS = new URL('../../support/control-process.mjs', import.meta.url).href;
const HOUR = 3_600_000;
const BLOCKED_MS = 7000;

function startControlled(scene: Scene, script: string): Promise<Platform> {
  return startPlatform(scene, {
    service: { nodeArgs: ['--import', CONTROL_PROCESS], env: { FAULT_SCRIPT: script } },
  });
}

/** What becomes of the service's own time. */
export const CLOCK_ROWS: readonly Row[] = [
  {
    id: '20',
    fault: "the service's wall clock jumps an hour forth and back",
    isShort: true,
    async play(scene) {
      const { service, watch } = await startControlled(
        scene,
        `clock:${String(HOUR)} clock:${String(-HOUR)} clock:0`,
      );
      for (const offset of [HOUR, -HOUR, 0]) {
        const since = performance.now();
        service.signal('SIGUSR2');
        await expectNoChange({ watch, component: 'infra', since }, 4 * scene.times.every);
        const { every, timeout } = scene.times;
        const oldest = Math.max(
          ...watch
            .samples('infra')
            .filter(({ askedAt }) => askedAt >= since)
            .map(({ age }) => age * 1000),
        );
        assert.ok(
          oldest <= 2 * every + timeout + paced(300),
          `no round for ${String(Math.round(oldest))} ms`,
        );
        // What people read follows the wall clock: the jump was a real one.
        const told = (await fetch(`${service.url}/api/v2/status/infra`)).headers.get('x-snapshot-time');
        assert.ok(Math.abs(Date.parse(told ?? '') - Date.now() - offset) < 10_000, String(told));
      }
      assertProbes(watch);
    },
  },
  {
    id: '20b',
    fault: 'the wall clock set back while the server is away',
    isShort: true,
    async play(scene) {
      const { service, server, watch } = await startControlled(scene, `clock:${String(-HOUR)}`);
      await server.kill();
      await watch.until('infra', ({ state }) => state === 'stale', {
        since: performance.now(),
        withinMs: scene.times.staleAfter + paced(1000),
      });
      service.signal('SIGUSR2');
      await sleep(1000);
      await server.restart();
      const healed = performance.now();
      // The client's own reconnects wait for the wall clock; a dial anew begins 5 s after the loss.
      await expectRecovery({ scene, watch, component: 'infra', since: healed }, 2000 + 2 * scene.times.every);
      assertProbes(watch);
    },
  },
  {
    id: '21',
    fault: `event loop blocked for ${String(BLOCKED_MS / 1000)} s`,
    isShort: true,
    async play(scene) {
      const blockedMs = Math.max(BLOCKED_MS, scene.times.staleAfter + 2000);
      const { service, watch } = await startControlled(scene, `block:${String(blockedMs)}`);
      const since = performance.now();
      service.signal('SIGUSR2');
      await sleep(paced(500));
      const first = await service.status('infra');
      const answeredAt = performance.now();
      // It carries the true age: either nothing was read meanwhile, or anew after the block.
      if (first.age * 1000 > answeredAt - since - blockedMs) {
        assert.deepEqual([first.state, first.status], ['stale', 'degraded'], JSON.stringify(first));
        assert.ok(first.age * 1000 >= answeredAt - since - paced(500), JSON.stringify(first));
      }
      assert.ok(answeredAt - since >= blockedMs, 'the event loop was not blocked');
      scene.saw('notice', answeredAt - since);
      await expectRecovery({ scene, watch, component: 'infra', since: answeredAt }, 2 * scene.times.every);
      assertProbes(watch, { slowestMs: Infinity });
    },
  },
];
