import { expect, test } from '@jest/globals';
import { renderStrip } from '../../src/render/page-strip.js';
import type { Past } from '../../src/render/past.js';
import { PARTS } from '../../src/render/past.js';

const HOUR = { from: 0, to: 3600 };

test('bars that say the same in a row are drawn together, with a hint that tells when', () => {
  const parts: Past['parts'] = Array.from({ length: PARTS }, (_, index) =>
    index < 20 ? undefined : { status: index < 40 ? 'down' : 'up', values: [0, 0, 0, 0] },
  );
  const strip = renderStrip({ parts, shares: undefined, run: undefined }, HOUR).text;
  const hints = [...strip.matchAll(/<title>(.*?)<\/title>/g)].map(([, hint]) => hint);
  expect(hints).toEqual([
    '1 h ago to 45 min ago: no figures',
    '45 min ago to 30 min ago: down',
    '30 min ago to now: up',
  ]);
  const bars = [...strip.matchAll(/ d="(.*?)"/g)].map(([, path = '']) => path.split('M').length - 1);
  expect(bars).toEqual([20, 20, 40]);
});
