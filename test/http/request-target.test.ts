import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { hostIsPlain, isPlainPath, originForm } from '../../src/http/request-target.js';

describe('originForm', () => {
  test.each([
    ['/', '/'],
    ['/a?b', '/a?b'],
    ['//a', '//a'],
    ['http://host/a?b=1', '/a?b=1'],
    ['HTTPS://host:8443/a', '/a'],
    ['http://host', '/'],
    ['http://host?q', '/?q'],
    ['http://[::1/a', undefined],
    ['http://host:99999/a', undefined],
    ['http:///a', '/a'],
    ['ftp://host/a', undefined],
    ['*', undefined],
    ['', undefined],
    ['host:443', undefined],
    ['a/b', undefined],
    ['?strict', undefined],
  ])('%j: %j', (target, expected) => {
    expect(originForm(target)).toBe(expected);
  });
});

describe('isPlainPath', () => {
  test.each([
    ['/', true],
    ['/?//', true],
    ['/api/v2/status/infra-1', true],
    ['/openapi.json', true],
    ['/a?%E0%A4', true],
    ['/a/', false],
    ['//a', false],
    ['//user@host:x', false],
    ['/a//b', false],
    ['/%61', false],
    ['/a;b=c', false],
    ['/a#b', false],
    ['/a b', false],
    ['', false],
  ])('%j: %s', (target, expected) => {
    expect(isPlainPath(target)).toBe(expected);
  });

  test('takes time in proportion to the length', () => {
    expect(isPlainPath(`/${'a'.repeat(8000)}%`)).toBe(false);
    expect(isPlainPath(`${'/a'.repeat(4000)}/`)).toBe(false);
  });
});

describe('hostIsPlain', () => {
  test.each([
    [['Host', 'a'], 1, true],
    [['hOST', ''], 1, true],
    [['X', 'host', 'Host', 'a'], 1, true],
    [[], 1, false],
    [[], 0, true],
    [['Host', 'a'], 0, true],
    [['Host', 'a', 'host', 'a'], 1, false],
    [['Host', 'a', 'X', 'y', 'HOST', 'b'], 0, false],
  ])('%j in HTTP/1.%i: %s', (rawHeaders, httpVersionMinor, expected) => {
    expect(hostIsPlain({ rawHeaders, httpVersionMinor } as unknown as IncomingMessage)).toBe(expected);
  });
});
