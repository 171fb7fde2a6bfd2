import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findChromium, launchOptions } from '../../scripts/chromium.mjs';

/**
 * `describe` with a browser. Without any, one visible skipped test; with `CI` set, a failing one.
 *
 * @param suite gets a function, because the browser is started before its tests and not before it is described
 */
export function describeWithChromium(name: string, suite: (browser: () => Browser) => void): void {
  const executable = findChromium();
  if (executable === undefined) {
    describe(name, () => {
      (process.env.CI === undefined ? test.skip : test)('needs a Chromium, and none was found', () => {
        throw new Error('no Chromium: set CHROMIUM_BIN or put one on the PATH');
      });
    });
    return;
  }
  describe(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch(launchOptions(executable));
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
    });
    suite(() => {
      if (browser === undefined) throw new Error('the browser is not started');
      return browser;
    });
  });
}
