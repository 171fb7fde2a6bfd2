import { describe, expect, test } from '@jest/globals';
import { matchesETag } from '../../src/http/conditional.js';

describe('matchesETag', () => {
  test.each([
    ['"abc"', true],
    ['W/"abc"', true],
    ['*', true],
    [' * ', true],
    ['"x", "abc"', true],
    ['"x",W/"abc" ,"y"', true],
    ['"x"', false],
    ['abc', false],
    ['w/"abc"', false],
    ['"abc', false],
    ['"ABC"', false],
    ['"x", *', false],
    ['', false],
    [',,,', false],
  ])('%j: %s', (header, expected) => {
    expect(matchesETag(header, '"abc"')).toBe(expected);
  });
});
