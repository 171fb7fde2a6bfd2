import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPreparedResponder } from '../../src/http/hot-path.js';
import { prepareAnswer } from '../../src/http/prepared-answer.js';
import { exchange, requestText } from './raw-http.js';

test('prepares once per step of time and once after each invalidation, whatever the number of requests', async () => {
  let now = 0;
  const preparedAt: number[] = [];
  const { respond, invalidate } = createPreparedResponder(
    (at) => {
      preparedAt.push(at);
      return prepareAnswer({
        body: String(at),
        type: 'text/plain',
        strictStatus: 'up',
        state: 'fresh',
        oldest: undefined,
        changesAt: at + 100,
        headers: [],
      });
    },
    { now: () => now },
  );
  const server = createServer((req, res) => void respond(req, res)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const bodies: string[] = [];
  for (const step of ['', '', 99, '', 100, '', 5000, 'new', '', 5001, 'new', 'new', '']) {
    if (step === 'new') invalidate();
    else if (typeof step === 'number') now = step;
    bodies.push((await exchange((server.address() as AddressInfo).port, requestText('GET', '/'))).body);
  }
  server.close();
  expect(preparedAt).toEqual([0, 100, 5000, 5000, 5001, 5001]);
  expect(bodies).toEqual('0 0 0 0 100 100 5000 5000 5000 5000 5001 5001 5001'.split(' '));
});
