// `npm run screenshot`: makes the pictures of the status page that the README shows. Needs a Chromium.
//   --all FOLDER   instead, every combination of light and dark, desktop and phone, for looking at
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { HOW_TO_INSTALL_CHROMIUM, launchOptions, provideChromium } from './chromium.mjs';
import { startMadeUpPlatform } from './page/platform.mjs';
import { ROOT } from './run.mjs';

const SIZES = { desktop: { width: 1040, height: 800 }, phone: { width: 390, height: 844 } };
const SCHEMES = /** @type {const} */ (['light', 'dark']);

const { values } = parseArgs({ options: { all: { type: 'string' } } });
const executable = await provideChromium();
if (executable === undefined) {
  process.stderr.write(HOW_TO_INSTALL_CHROMIUM);
  process.exit(1);
}
const browser = await chromium.launch(launchOptions(executable));
try {
  if (values.all === undefined) {
    const folder = join(ROOT, 'scripts', 'page');
    await mkdir(folder, { recursive: true });
    const only = ['infra', 'apps', 'datastores'];
    for (const scheme of SCHEMES)
      await takePictures(join(folder, `status-page-${scheme}.png`), { only, scheme });
  } else {
    await mkdir(values.all, { recursive: true });
    const folder = values.all;
    for (const scheme of SCHEMES) {
      for (const size of /** @type {const} */ (['desktop', 'phone'])) {
        await takePictures(join(folder, `all-${scheme}-${size}.png`), { scheme, size });
        await takePictures(join(folder, `up-${scheme}-${size}.png`), { only: ['infra'], scheme, size });
        await takePictures(join(folder, `lost-${scheme}-${size}.png`), { scheme, size, lose: true });
      }
    }
  }
} finally {
  await browser.close();
}

/**
 * @param {string} path
 * @param {{ only?: string[], scheme: 'light' | 'dark', size?: keyof typeof SIZES, lose?: boolean }} options
 *   lose: the server goes away
 */
async function takePictures(path, { only, scheme, size = 'desktop', lose = false }) {
  const platform = await startMadeUpPlatform(only && { only });
  const page = await browser.newPage({
    viewport: SIZES[size],
    colorScheme: scheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    deviceScaleFactor: size === 'phone' ? 2 : 1.5,
  });
  await page.goto(platform.url);
  await page.locator('.age', { hasText: 'ago' }).waitFor();
  if (lose) {
    await platform.close();
    await page.evaluate("window.dispatchEvent(new Event('offline'))");
    await page.locator('#lost .banner').waitFor();
  } else {
    await page
      .locator('#connection[data-connection="live"]')
      .waitFor({ timeout: 2000 })
      .catch(() => undefined);
  }
  await page.screenshot({ path, fullPage: true });
  await page.close();
  if (!lose) await platform.close();
}
