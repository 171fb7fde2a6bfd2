import { AxeBuilder } from '@axe-core/playwright';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeWithChromium } from '../support/chromium.js';
import type { PageSetup, Round } from './page-setup.js';
import { startPageSetup } from './page-setup.js';

/** Requests that fail because the server is gone are told in the console by the browser itself. */
const CONNECTION_ERROR = /net::ERR_|Failed to load resource/;

/** What the browser complained about since the page was opened. */
function listenForTrouble(page: Page): string[] {
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  return trouble;
}

const BACKLOG: Round = {
  status: 'degraded',
  detail: 'backlog above warning threshold',
  figures: { live_pullers: 0, backlog: 1142, in_flight: 8, oldest_unacked_seconds: 95 },
};
const KILLED: Round = {
  status: 'down',
  detail: 'no live pullers',
  figures: { live_pullers: 0, backlog: 1, in_flight: 2, oldest_unacked_seconds: 3725 },
};

describeWithChromium('the status page', (browser) => {
  let setup: PageSetup;
  let page: Page;
  let trouble: string[];

  beforeEach(async () => {
    setup = await startPageSetup();
  });
  afterEach(async () => {
    await page.context().close();
    await setup.stop();
  });

  type Context = Parameters<Browser['newContext']>[0];
  async function open(options: Context = {}): Promise<void> {
    const context = await browser().newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    trouble = listenForTrouble(page);
    await page.goto(`${setup.url}/`);
    if (options.javaScriptEnabled !== false)
      await page.locator('[data-connection="live"].connection').waitFor();
  }
  const card = (id: string): ReturnType<Page['locator']> => page.locator(`[data-component="${id}"]`);
  const textOf = async (selector: string): Promise<string> =>
    (await page.locator(selector).innerText()).replace(/\s+/g, ' ').trim();
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent.trim()');
  const cardText = (id: string): Promise<string> => textOf(`[data-component="${id}"]`);

  /** An hour of three components, and how they are now. */
  function putPast(): void {
    for (let ago = 3000; ago >= 0; ago -= 5) {
      setup.put('infra', { ago });
      setup.put('apps', ago < 600 ? { ...BACKLOG, ago } : { ago });
      setup.put('datastores', ago < 300 ? { ...KILLED, ago } : { ago });
    }
  }

  test('says how everything is, in words', async () => {
    putPast();
    await open();
    expect(await textOf('h1')).toBe('Platform status');
    expect(await page.title()).toBe('Down · Platform status');
    expect(await textOf('#overall')).toContain('1 of 3 components is down, 1 degraded');
    expect(await textOf('.overall')).toMatch(/Figures read \d+ s ago at \d\d:\d\d:\d\d\./);
    expect(await textOf('.overall')).toMatch(
      /Last change: Datastore management went down at \d\d:\d\d:\d\d\./,
    );

    const apps = await cardText('apps');
    expect(apps).toContain('Degraded Backlog above warning threshold.');
    expect(apps).toContain('Oldest work waiting: 1 min 35 s');
    expect(apps).toContain('Not started: 1,142 messages');
    expect(apps).toContain('Being worked on: 8 messages');
    expect(apps).toContain('Workers ready: 0');
    expect(apps).toMatch(/Degraded since \d\d:\d\d:\d\d/);
    expect(await cardText('datastores')).toContain('Oldest work waiting: 1 h 2 min');
    expect(await cardText('datastores')).toContain('Not started: 1 message');
    expect(await cardText('infra')).toContain('Oldest work waiting: none');
    expect(await cardText('infra')).toMatch(/Up since \d\d:\d\d:\d\d or earlier/);
    expect(trouble).toEqual([]);
  });

  test('shows the kept history, with words for those who cannot see it', async () => {
    putPast();
    await open();
    const strip = card('apps').getByRole('img', {
      name: /^Last 1 h: up 80\.\d % of the time, degraded 19\.\d % of the time$/,
    });
    const bars = async (level: string): Promise<number> => {
      const paths = await strip.locator(`.bar.${level}`).all();
      const drawn = await Promise.all(paths.map((path) => path.getAttribute('d')));
      return drawn.join('').split('M').length - 1;
    };
    expect((await bars('up')) + (await bars('degraded')) + (await bars('nothing'))).toBe(80);
    expect(await bars('degraded')).toBeGreaterThanOrEqual(13);
    expect(await bars('nothing')).toBeGreaterThan(5);
    const spark = card('apps').getByRole('img', {
      name: 'Not started, last 1 h: between 0 messages and 1,142 messages',
    });
    expect(await spark.isVisible()).toBe(true);
    expect(await page.locator('[style]').count()).toBe(0);
  });

  test('changes without a reload, and tells those who listen', async () => {
    for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
    await open();
    expect(await textOf('#overall')).toContain('Everything is up');
    await page.evaluate('window.notReloaded = true');
    const link = card('infra').getByRole('link').first();
    await link.focus();

    setup.put('apps', BACKLOG);
    await card('apps').getByText('Backlog above warning threshold.').waitFor({ timeout: 3000 });
    expect(await textOf('#overall')).toContain('1 of 3 components is degraded');
    expect(await cardText('apps')).toContain('Oldest work waiting: 1 min 35 s');
    expect(await card('apps').getAttribute('data-state')).toBe('degraded');
    expect(await textOf('[role="status"]')).toBe('Application deployment is now degraded.');
    expect(await page.title()).toBe('Degraded · Platform status');
    expect(await page.evaluate('window.notReloaded')).toBe(true);
    expect(await focused()).toBe('Figures of Infrastructure provisioning as JSON');
    expect(trouble).toEqual([]);
  });

  test('says loudly that figures are old, and that they are fresh again', async () => {
    for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
    await open();
    expect(await textOf('.warning')).toBe('');
    setup.wait(20);
    setup.put('infra');
    await page.getByText('Figures are out of date.').waitFor();
    expect(await textOf('.warning')).toMatch(
      /since \d\d:\d\d:\d\d about Application deployment, Datastore management\.$/,
    );
    expect(await cardText('apps')).toContain(
      'Degraded Figures are 20 seconds old. The figures below were read at',
    );
    expect(await cardText('infra')).toContain('Up Work is being processed.');
    setup.wait(50);
    await page.getByText('what you see is from then').waitFor();
    expect(await cardText('apps')).toMatch(/Down Status unknown: no fresh figures for 7\d seconds\./);
    for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
    await page.locator('#overall', { hasText: 'Everything is up' }).waitFor();
    expect(await textOf('.warning')).toBe('');
    expect(trouble).toEqual([]);
  });

  test('tells what is not known from what is zero', async () => {
    await open();
    expect(await textOf('#overall')).toContain('Status not known yet');
    expect(await textOf('.warning')).toBe('Waiting for the first figures.');
    expect(await cardText('infra')).toContain('Oldest work waiting: unknown');
    setup.wait(20);
    await page.getByText('Nothing could be read so far').waitFor();
    setup.put('infra', { detail: 'oldest unacked age unknown' });
    await card('infra').getByText('Oldest unacked age unknown.').waitFor();
    expect(await cardText('infra')).toContain('Oldest work waiting: unknown Not started: 0 messages');
  });

  test('says that the connection is lost, and finds it again', async () => {
    for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
    await open();
    await setup.stop();
    await page.getByText('Connection lost.', { exact: false }).first().waitFor();
    expect(await textOf('[role="alert"]#lost')).toMatch(
      /The server of this page has not answered since \d\d:\d\d:\d\d\./,
    );
    expect(await page.locator('#overall').getByText('Last known:').isVisible()).toBe(true);
    setup.put('apps', KILLED);
    await setup.restart();
    await page.locator('#overall', { hasText: '1 of 3 components is down' }).waitFor();
    await page.locator('[data-connection="live"].connection').waitFor();
    expect(await textOf('#lost')).toBe('');
    expect(trouble.filter((text) => !CONNECTION_ERROR.test(text))).toEqual([]);
  });

  test('shows other components after a reload of the configuration', async () => {
    for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
    await open();
    setup.reload([
      { id: 'apps', name: 'Application deployment' },
      { id: 'certificates', name: 'Certificates' },
    ]);
    await card('certificates').waitFor();
    expect(await page.locator('h3').allTextContents()).toEqual(['Application deployment', 'Certificates']);
    expect(await textOf('#overall')).toContain('1 of 2 components is');
  });

  test('is whole without its script', async () => {
    putPast();
    await open({ javaScriptEnabled: false });
    expect(await textOf('#overall')).toContain('1 of 3 components is down, 1 degraded');
    expect(await textOf('.overall')).toMatch(/Figures read at \d\d:\d\d:\d\d UTC\./);
    expect(await cardText('apps')).toContain('Oldest work waiting: 1 min 35 s');
    expect(await textOf('#connection')).toBe('Reload for newer figures');
    expect(trouble).toEqual([]);
  });

  test('can be used with the keyboard alone', async () => {
    for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
    await open();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the components');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Figures of Infrastructure provisioning as JSON');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('History of Infrastructure provisioning as JSON');
  });

  test.each([320, 390, 768, 1400])('needs no sideways scrolling at a width of %i', async (width) => {
    setup.put('infra', { figures: { backlog: 123_456_789, oldest_unacked_seconds: 86_400 * 400 } });
    setup.put('apps', BACKLOG);
    setup.put('datastores', KILLED);
    await open({ viewport: { width, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  const states: [string, () => void][] = [
    [
      'everything up',
      () => {
        for (const id of ['infra', 'apps', 'datastores']) setup.put(id);
      },
    ],
    ['all statuses', putPast],
    [
      'old figures',
      () => {
        putPast();
        setup.wait(30);
        setup.put('infra');
      },
    ],
    [
      'no figures',
      () => {
        setup.wait(20);
      },
    ],
  ];
  test.each(states)('is accessible in light and in dark: %s', async (_, arrange) => {
    arrange();
    await open();
    await expectAccessible();
  });

  test('is accessible in light and in dark: connection lost', async () => {
    putPast();
    await open();
    await setup.stop();
    await page.locator('#lost .banner').waitFor();
    await expectAccessible();
    await setup.restart();
  });

  /** Only the contrast of colours can differ between the two. */
  async function expectAccessible(): Promise<void> {
    await page.emulateMedia({ colorScheme: 'light' });
    await expectNoViolations(new AxeBuilder({ page }));
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNoViolations(new AxeBuilder({ page }).withRules(['color-contrast']));
  }

  async function expectNoViolations(axe: AxeBuilder): Promise<void> {
    const { violations, passes } = await axe.analyze();
    const told = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    expect(told).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
  }
});
