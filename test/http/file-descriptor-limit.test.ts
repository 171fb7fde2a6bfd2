import { expect, test } from '@jest/globals';
import { parseFileDescriptorLimit } from '../../src/http/file-descriptor-limit.js';

test.each([
  [
    'Max processes             127000   127000   processes\nMax open files            1024     524288   files\n',
    1024,
  ],
  ['Max open files            unlimited            unlimited            files\n', undefined],
  ['', undefined],
])('%j: %s', (text, expected) => {
  expect(parseFileDescriptorLimit(text)).toBe(expected);
});
