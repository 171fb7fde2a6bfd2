import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from '../support/pace.js';
import type { Scene } from './row.js';
import { SLACK_MS } from './row.js';
import type { Sample, Watch } from './watch.js';

const STALE_DETAIL = /^figures are (\d+) seconds old(; .+)?$/;
const DEAD_DETAIL = /^status unknown: no fresh figures for (\d+) seconds$/;
/** Between the service's look at its clock and ours at the answer. */
const LOOK_MS = paced(300);
/** The header with the age is. */
const ROUNDED_MS = 1;

export const isUp = ({ status, state }: Sample): boolean => status === 'up' && state === 'fresh';

/** Nothing was ever read: not yet known during the start grace, down after it. @returns when it listened */
export async function expectNothingYet({
  scene,
  watch,
  component,
  since,
}: {
  scene: Scene;
  watch: Watch;
  component: string;
  since: number;
}): Promise<number> {
  const first = await watch.until(component, () => true, { since, withinMs: paced(15_000) });
  assert.deepEqual([first.status, first.detail, first.state], ['degraded', 'status not yet known', 'none']);
  const listening = first.askedAt;
  const down = await watch.until(component, ({ status }) => status === 'down', {
    since: listening,
    withinMs: scene.times.startGrace + SLACK_MS,
  });
  scene.saw('notice', down.answeredAt - listening);
  assert.deepEqual([down.detail, down.state, down.age], ['status unknown: no figures yet', 'none', NaN]);
  return listening;
}

/** The age ladder, down to its last step, with the figures as they were read last. */
export async function expectLadder(
  { scene, watch, component, since }: { scene: Scene; watch: Watch; component: string; since: number },
  { untilDead = true } = {},
): Promise<void> {
  const { staleAfter, deadAfter } = scene.times;
  const stale = await watch.until(component, ({ state }) => state === 'stale', {
    since,
    withinMs: staleAfter + SLACK_MS,
  });
  scene.saw('notice', stale.answeredAt - since);
  if (untilDead) {
    const dead = await watch.until(component, ({ status }) => status === 'down', {
      since,
      withinMs: deadAfter + SLACK_MS,
    });
    scene.saw('dead', dead.answeredAt - since);
  }
  assertLadder(
    scene,
    watch.samples(component).filter(({ askedAt }) => askedAt >= since),
  );
}

/** Every answer is either the last one read, no older than it may be, or a step of the ladder. */
export function assertLadder({ times: { staleAfter, deadAfter } }: Scene, samples: readonly Sample[]): void {
  for (const sample of samples) {
    const { status, state, detail, age } = sample;
    const told = JSON.stringify(sample);
    const ms = age * 1000;
    if (state === 'fresh') {
      assert.equal(status, 'up', told);
      assert.ok(ms <= staleAfter + ROUNDED_MS, told);
    } else if (status === 'degraded') {
      assert.ok(ms >= staleAfter - ROUNDED_MS && ms <= deadAfter + ROUNDED_MS, told);
      assertAgeTold(STALE_DETAIL, { detail, ms, told });
    } else {
      assert.equal(status, 'down', told);
      assert.ok(ms >= deadAfter - ROUNDED_MS, told);
      assertAgeTold(DEAD_DETAIL, { detail, ms, told });
    }
  }
  assertAgesGrow(samples.filter(({ state }) => state === 'stale'));
}

/** Down to a multiple of five seconds, and never more than is true. */
function assertAgeTold(
  words: RegExp,
  { detail, ms, told }: { detail: string; ms: number; told: string },
): void {
  const seconds = Number(words.exec(detail)?.[1]);
  assert.ok(
    [ms - ROUNDED_MS, ms + ROUNDED_MS].map((about) => Math.floor(about / 5000) * 5).includes(seconds),
    told,
  );
}

/** Without a new reading the age grows as fast as time passes, and the figures stay. */
function assertAgesGrow(samples: readonly Sample[]): void {
  samples.slice(1).forEach((sample, i) => {
    const before = samples[i];
    if (before === undefined) return;
    const grown = (sample.age - before.age) * 1000;
    const passed = sample.answeredAt - before.answeredAt;
    if (grown < 0) return; // Read anew in between, and stale again.
    const latency = sample.answeredAt - sample.askedAt + (before.answeredAt - before.askedAt);
    assert.ok(Math.abs(grown - passed) <= latency + LOOK_MS, JSON.stringify([before, sample]));
    assert.deepEqual([sample.backlog, sample.in_flight], [before.backlog, before.in_flight]);
  });
}

/** Right again within the bound, and stays so. */
export async function expectRecovery(
  { scene, watch, component, since }: { scene: Scene; watch: Watch; component: string; since: number },
  withinMs: number,
): Promise<void> {
  const isReadAnew = ({ age, askedAt }: Sample): boolean => age * 1000 < askedAt - since;
  const up = await watch.until(component, (sample) => isUp(sample) && isReadAnew(sample), {
    since,
    withinMs: withinMs + SLACK_MS,
  });
  scene.saw('recover', up.answeredAt - since);
  await expectNoChange({ watch, component, since: up.askedAt }, 2 * scene.times.every);
}

/** Publicly nothing happens for so long. */
export async function expectNoChange(
  { watch, component, since }: { watch: Watch; component: string; since: number },
  forMs: number,
): Promise<void> {
  await sleep(Math.max(0, since + forMs - performance.now()));
  const samples = watch.samples(component).filter(({ askedAt }) => askedAt >= since);
  assert.ok(samples.length > 0, 'no answer at all');
  const changed = samples.find((sample) => !isUp(sample));
  assert.equal(changed, undefined, `changed: ${JSON.stringify(changed)}`);
}

/** The process lives, is ready, and answers as fast as this machine lets anybody at the moment. */
export function assertProbes(watch: Watch, { slowestMs = paced(3000) } = {}): void {
  assert.deepEqual(watch.probeFailures(), []);
  const [slowest, lag] = [Math.round(watch.slowestMs()), Math.round(watch.ownLagMs())];
  assert.ok(
    slowest < slowestMs + 3 * lag,
    `an answer took ${String(slowest)} ms, our own lag was ${String(lag)} ms`,
  );
}
