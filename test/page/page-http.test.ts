import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { PageSetup } from './page-setup.js';
import { startPageSetup } from './page-setup.js';

let setup: PageSetup;
beforeEach(async () => {
  setup = await startPageSetup({
    title: 'Is <it> "up" & \'well\'?',
    components: [{ id: 'infra', name: '<script>alert("1")</script>' }],
  });
});
afterEach(async () => {
  await setup.stop();
});

const EXPECTED_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

test.each(['GET', 'HEAD'])('%s / has the headers of the page and no others', async (method) => {
  const answer = await fetch(`${setup.url}/`, { method });
  expect(answer.status).toBe(200);
  const headers = Object.fromEntries(answer.headers);
  expect(headers).toMatchObject(EXPECTED_HEADERS);
  expect(headers['permissions-policy']).toMatch(/^[a-z-]+=\(\)(, [a-z-]+=\(\))*$/);
  const others = Object.keys(headers).filter((name) => !(name in EXPECTED_HEADERS));
  const ofTheConnection = ['connection', 'keep-alive', 'date', 'content-length'];
  expect(others.filter((name) => !ofTheConnection.includes(name))).toEqual(['permissions-policy']);
  expect(await answer.text()).toMatch(method === 'HEAD' ? /^$/ : /^<!doctype html>/);
});

test('names and title are escaped, and nothing is inline', async () => {
  setup.put('infra', { status: 'degraded', detail: 'backlog above warning threshold' });
  const page = await (await fetch(`${setup.url}/`)).text();
  expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  expect(page).toContain('Is &lt;it&gt; &quot;up&quot; &amp; &#39;well&#39;?');
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('<script type="module" src="/page.js"></script>');
  expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
});

test('the same page until a snapshot or an age changes it', async () => {
  const ask = async (): Promise<string> => (await fetch(`${setup.url}/?x=${String(Math.random())}`)).text();
  setup.put('infra', { ago: 2 });
  const first = await ask();
  setup.wait(5);
  expect(await ask()).toBe(first);
  setup.wait(10);
  const old = await ask();
  expect(old).toContain('Figures are out of date.');
  setup.put('infra');
  expect(await ask()).not.toContain('Figures are out of date.');
});

test.each([
  ['/page.css', 'text/css; charset=utf-8'],
  ['/page.js', 'text/javascript; charset=utf-8'],
])('%s is the file as it is, and asked about each time', async (path, type) => {
  const answer = await fetch(`${setup.url}${path}`);
  expect(answer.headers.get('content-type')).toBe(type);
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const file = new URL(`../../src/render${path}`, import.meta.url);
  expect(await answer.text()).toBe(await readFile(file, 'utf8'));
  const etag = answer.headers.get('etag') ?? '';
  expect((await fetch(`${setup.url}${path}`, { headers: { 'If-None-Match': etag } })).status).toBe(304);
});
