import { describe, expect, test } from '@jest/globals';
import { codeFor, strictnessOf } from '../../src/http/strictness.js';

describe('strictnessOf', () => {
  test.each([
    ['', 'off'],
    ['x=1', 'off'],
    ['strict', 'down'],
    ['strict=', 'down'],
    ['strict=1', 'down'],
    ['strict=false', 'down'],
    ['strict=degraded', 'degraded'],
    ['x=1&strict=degraded', 'degraded'],
    ['strict=degraded&_=17', 'degraded'],
    ['strict&strict=degraded', 'degraded'],
    ['strict=degraded&strict', 'degraded'],
    ['strict=degraded1', 'down'],
    ['strictly=degraded', 'off'],
    ['unstrict', 'off'],
    ['Strict', 'off'],
    ['x=strict', 'off'],
    ['&&&strict&', 'down'],
    ['%E0%A4&strict', 'down'],
  ])('%j: %s', (query, expected) => {
    expect(strictnessOf(query)).toBe(expected);
  });
});

describe('codeFor', () => {
  test.each([
    ['up', 200, 200, 200],
    ['degraded', 200, 200, 503],
    ['down', 200, 503, 503],
  ] as const)('%s: plain %i, strict %i, strict=degraded %i', (status, plain, strict, degraded) => {
    expect([codeFor(status, 'off'), codeFor(status, 'down'), codeFor(status, 'degraded')]).toEqual([
      plain,
      strict,
      degraded,
    ]);
  });
});
