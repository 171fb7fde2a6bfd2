import { expect, test } from '@jest/globals';
import { html } from '../../src/render/html.js';
import { percent } from '../../src/render/page-strip.js';
import { renderTime } from '../../src/render/page-time.js';
import { sentences } from '../../src/render/page-words.js';

test('a detail becomes sentences', () => {
  const detail = 'no live pullers; oldest unacked age unknown';
  expect(sentences(detail)).toBe('No live pullers. Oldest unacked age unknown');
});

test.each([
  [1, '100 %'],
  [0.9999, '99.9 %'],
  [0.5, '50.0 %'],
  [0.00001, '0.1 %'],
  [0, '0 %'],
])('a share of %d is %s', (share, words) => {
  expect(percent(share)).toBe(words);
});

test('a time has its date when it is another day', () => {
  const time = Date.UTC(2026, 0, 1, 9, 5, 7) / 1000 + 0.4;
  const { text } = renderTime(time, time + 60);
  expect(text).toBe('<time datetime="2026-01-01T09:05:07Z">09:05:07 UTC</time>');
  expect(renderTime(time, time + 100_000).text).toContain('>2026-01-01 09:05:07 UTC<');
});

test('values are escaped once, markup never', () => {
  const inner = html`<b>${'<&>'}</b>`;
  expect(html`<p title="${`"'`}">${inner}${[inner]}${undefined}${1}</p>`.text).toBe(
    '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b><b>&lt;&amp;&gt;</b>1</p>',
  );
});
