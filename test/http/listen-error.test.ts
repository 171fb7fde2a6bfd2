import { expect, test } from '@jest/globals';
import { hostAndPort, ListenError } from '../../src/http/listen-error.js';

test.each([
  ['EADDRINUSE', 'cannot listen on 0.0.0.0:8080: the port is already in use'],
  ['EACCES', 'cannot listen on 0.0.0.0:8080: this user may not use the port'],
  ['EADDRNOTAVAIL', 'cannot listen on 0.0.0.0:8080: this machine does not have the address'],
  ['ENOTFOUND', 'cannot listen on 0.0.0.0:8080: the host name is unknown'],
  ['EWHATEVER', 'cannot listen on 0.0.0.0:8080: something else'],
])('%s: %s', (code, message) => {
  const cause = Object.assign(new Error('something else'), { code });
  const error = new ListenError({ host: '0.0.0.0', port: 8080 }, cause);
  expect(error.message).toBe(message);
  expect(error.cause).toBe(cause);
});

test('an IPv6 address stands in brackets', () => {
  expect(hostAndPort('::1', 80)).toBe('[::1]:80');
});
