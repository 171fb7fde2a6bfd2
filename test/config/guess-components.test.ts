import { expect, test } from '@jest/globals';
import type { FoundStream } from '../../src/config/guess-components.js';
import { guessComponents } from '../../src/config/guess-components.js';
import { renderGuess } from '../../src/config/render-guess.js';
import { parse } from 'yaml';

function aStream(stream: string, ...consumers: string[]): FoundStream {
  return {
    stream,
    consumers: consumers.map((consumer) => ({ consumer, isDurable: true, metadata: undefined })),
  };
}

test.each([
  ['INFRA', 'infra', 'Infra'],
  ['ORDERS_EU', 'orders-eu', 'Orders eu'],
  ['orderEvents', 'order-events', 'Order events'],
  ['__A--b__', 'a-b', 'A b'],
  ['Bestellungen_Öl', 'bestellungen-l', 'Bestellungen öl'],
  ['日本', 'component', '日本'],
  ['2024', '2024', '2024'],
  [`A${'b'.repeat(250)}`, `a${'b'.repeat(94)}`, `A${'b'.repeat(199)}`],
])('stream %s is component %s', (stream, id, name) => {
  const { components } = guessComponents([aStream(stream, 'c')]);
  expect(components).toEqual([{ id, name, consumers: [{ stream, consumer: 'c' }], discoverIn: undefined }]);
});

test('no two have one id, also where consumers name one', () => {
  const { components } = guessComponents([
    aStream('日本', 'c'),
    aStream('A', 'c'),
    aStream('a', 'c'),
    {
      stream: 'B',
      consumers: [{ consumer: 'c', isDurable: false, metadata: { 'jetstream-status.component': 'a' } }],
    },
    aStream('中国', 'c'),
  ]);
  expect(components.map(({ id }) => id)).toEqual(['a-2', 'a-3', 'component', 'component-2', 'a']);
  expect(components.at(-1)).toEqual({ id: 'a', name: 'A', consumers: [], discoverIn: ['B'] });
});

test('what a configuration could not name is left out, with the reason', () => {
  const { components, left } = guessComponents([
    aStream('A b', 'c'),
    aStream('$MQTT_sess', 'c'),
    {
      stream: 'S',
      consumers: [{ consumer: 'x', isDurable: false, metadata: { 'jetstream-status.component': 'No!' } }],
    },
  ]);
  expect(components).toEqual([]);
  expect(left.map(({ stream, why }) => [stream, why])).toEqual([
    ['$MQTT_sess', 'the stream is one of the server itself'],
    ['A b', 'its name cannot stand in a configuration'],
    ['S', 'it is not durable: it goes away with its client'],
  ]);
});

test('the file says what is missing in it, and no name leaves its line', () => {
  const guess = guessComponents([aStream('A\nb: c', 'c'), aStream('S', 'yes', '1e3', '"q"')]);
  const text = renderGuess(guess, {
    nats: {
      servers: ['a:1', 'b:2'],
      auth: { method: 'token', token: 'hunter2' },
      inboxPrefix: '_INBOX_me',
      domain: 'hub',
    },
    context: undefined,
    incomplete: ['stream X\ncannot be listed'],
  });
  expect(text).toContain('# INCOMPLETE: stream X?cannot be listed\n');
  expect(text).toContain('stream A?b: c, consumer c');
  expect(text).not.toContain('hunter2');
  expect(parse(text)).toEqual({
    nats: { url: 'nats://a:1,nats://b:2', domain: 'hub', inbox_prefix: '_INBOX_me' },
    components: {
      s: { name: 'S', consumers: ['"q"', '1e3', 'yes'].map((consumer) => ({ stream: 'S', consumer })) },
    },
  });
});
