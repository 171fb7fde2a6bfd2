import { expect, test } from '@jest/globals';
import { createAskingOrder } from '../../src/jetstream/asking-order.js';
import type { AskingOrder } from '../../src/jetstream/asking-order.js';
import { createConsumerMemories } from '../../src/jetstream/consumer-memory.js';
import type { ConsumerMemory } from '../../src/jetstream/consumer-memory.js';

const idOf = (consumer: string) => ({ stream: 'S', consumer });

function anOrder(consumers: Record<string, Partial<ConsumerMemory>>): AskingOrder {
  const memories = createConsumerMemories();
  for (const [consumer, memory] of Object.entries(consumers)) {
    Object.assign(memories.of(idOf(consumer)), memory);
  }
  return createAskingOrder(Object.keys(consumers).map(idOf), memories);
}

function namesLeft(order: AskingOrder): string[] {
  const names: string[] = [];
  for (let id = order.next(); id !== undefined; id = order.next()) names.push(id.consumer);
  return names;
}

test('asks in the order given, and those whose question timed out last, the longest waiting first', () => {
  const order = anOrder({ a: { timedOutAt: 9 }, b: {}, c: { timedOutAt: 4 }, d: {} });
  expect(namesLeft(order)).toEqual(['b', 'd', 'c', 'a']);
});

test('others of a silent leader wait behind all that can be expected to answer', () => {
  const order = anOrder({
    a: { leader: 'n1' },
    b: { leader: 'n1' },
    c: { leader: 'n2', timedOutAt: 4 },
    d: {},
    e: { leader: 'n1' },
    f: { leader: 'n2' },
  });
  expect(order.next()).toEqual(idOf('a'));
  order.noteSilence(idOf('a'));
  expect(order.hasExpected()).toBe(true);
  expect(order.next()).toEqual(idOf('d'));
  expect(order.next()).toEqual(idOf('f'));
  expect(order.hasExpected()).toBe(false);
  expect(namesLeft(order)).toEqual(['b', 'e', 'c']);
});

test('without a cluster there is no leader to suspect', () => {
  const order = anOrder({ a: {}, b: {} });
  order.noteSilence(idOf('a'));
  expect(namesLeft(order)).toEqual(['a', 'b']);
});
