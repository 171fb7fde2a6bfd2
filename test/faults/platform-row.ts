import { setTimeout as sleep } from 'node:timers/promises';
import { assertProbes, expectLadder, expectNoChange, expectRecovery } from './expectations.js';
import type { Platform, PlatformOptions } from './platform.js';
import { startPlatform } from './platform.js';
import type { Row, Times } from './row.js';

/** A fault that is made and taken away on a platform that was up. */
export interface PlatformFault extends Pick<Row, 'id' | 'fault' | 'isShort' | 'obstacle' | 'onlyFresh'> {
  readonly platform?: PlatformOptions;
  readonly inject: (platform: Platform) => void | Promise<void>;
  readonly heal: (platform: Platform) => void | Promise<void>;
  /** From when on the recovery is counted, when it is not the end of `heal`. */
  readonly recoverWithin: (times: Times) => number;
  /** What else must be so at the end. */
  readonly assertAfter?: (platform: Platform) => void;
}

interface LadderFault extends PlatformFault {
  /** Components that do not notice. */
  readonly untouched?: readonly string[];
  /** How long the fault lasts at least, ms. */
  readonly lasts?: number;
}

/** A row in which the figures cannot be read while the fault lasts: the age ladder, then right again. */
export function ladderRow({
  platform: options,
  inject,
  heal,
  recoverWithin,
  assertAfter,
  untouched = [],
  lasts = 0,
  ...row
}: LadderFault): Row {
  return {
    ...row,
    async play(scene) {
      const platform = await startPlatform(scene, options);
      const { watch } = platform;
      const touched = ['infra', 'apps'].filter((id) => !untouched.includes(id));
      const since = performance.now();
      await inject(platform);
      await Promise.all(touched.map((component) => expectLadder({ scene, watch, component, since })));
      await sleep(Math.max(0, since + lasts - performance.now()));
      await Promise.all(
        untouched.map((component) => expectNoChange({ watch, component, since }, performance.now() - since)),
      );
      await heal(platform);
      const healed = performance.now();
      await Promise.all(
        touched.map((component) =>
          expectRecovery({ scene, watch, component, since: healed }, recoverWithin(scene.times)),
        ),
      );
      assertProbes(watch);
      assertAfter?.(platform);
    },
  };
}

interface SilentFault extends Omit<PlatformFault, 'heal' | 'recoverWithin'> {
  readonly heal?: PlatformFault['heal'];
  readonly lasts: (times: Times) => number;
}

/** A row that nobody outside may see. */
export function unseenRow({ platform: options, inject, heal, assertAfter, lasts, ...row }: SilentFault): Row {
  return {
    ...row,
    async play(scene) {
      const platform = await startPlatform(scene, options);
      const { watch } = platform;
      const since = performance.now();
      await inject(platform);
      await sleep(Math.max(0, since + lasts(scene.times) - performance.now()));
      await heal?.(platform);
      const forMs = performance.now() - since + 3 * scene.times.every;
      await Promise.all(
        ['infra', 'apps'].map((component) => expectNoChange({ watch, component, since }, forMs)),
      );
      assertProbes(watch);
      assertAfter?.(platform);
    },
  };
}
