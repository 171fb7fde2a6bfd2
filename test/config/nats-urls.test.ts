import { describe, expect, test } from '@jest/globals';
import { NatsUrlError, parseNatsUrls } from '../../src/config/nats-urls.js';

describe('a list of server URLs', () => {
  test.each([
    ['nats://a', ['a:4222'], false, undefined],
    ['a:1', ['a:1'], false, undefined],
    ['nats://a:1, tls://b', ['a:1', 'b:4222'], true, undefined],
    ['TLS://[::1]:7/', ['[::1]:7'], true, undefined],
    ['nats://u:p%40@a', ['a:4222'], false, { method: 'user', user: 'u', password: 'p@' }],
    ['nats://u:p@q@a', ['a:4222'], false, { method: 'user', user: 'u', password: 'p@q' }],
    ['nats://u:@a', ['a:4222'], false, { method: 'user', user: 'u', password: '' }],
    ['nats://t@a,nats://t@b', ['a:4222', 'b:4222'], false, { method: 'token', token: 't' }],
  ])('%s', (list, servers, tls, auth) => {
    expect(parseNatsUrls(list)).toEqual({ servers, tls, auth });
  });

  test.each([
    '',
    'a,',
    'http://a',
    'nats://',
    'nats://a:0',
    'nats://a:65536',
    'nats://a/b',
    'nats://a b',
    'nats://::1',
  ])('refuses %j', (list) => {
    expect(() => parseNatsUrls(list)).toThrow(NatsUrlError);
  });

  test('tells all that is wrong, by place', () => {
    expect(() => parseNatsUrls('ws://a,b:x,nats://u:1@c,nats://u:2@d')).toThrow(
      'entry 1 of the list must be nats:// or tls://; WebSocket (ws://) is not supported; entry 2 of the list must have a port from 1 to 65535 (or none for 4222); must not carry different users or tokens in one list; a connection has one identity',
    );
  });
});
