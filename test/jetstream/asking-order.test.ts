import { expect, test } from '@jest/globals';
import { inAskingOrder } from '../../src/jetstream/asking-order.js';
import { createConsumerMemories } from '../../src/jetstream/consumer-memory.js';

const idOf = (consumer: string) => ({ stream: 'S', consumer });

test.each<[order: string, timedOutAt: Record<string, number | undefined>]>([
  ['bdca', { a: 9, b: undefined, c: 4, d: undefined }],
  ['abc', { a: undefined, b: undefined, c: undefined }],
  ['cab', { a: 1, b: 2, c: 0 }],
])('%s: first those who answered, then whoever waits longest', (order, timedOutAt) => {
  const memories = createConsumerMemories();
  for (const [consumer, at] of Object.entries(timedOutAt)) memories.of(idOf(consumer)).timedOutAt = at;
  const ordered = inAskingOrder(Object.keys(timedOutAt).map(idOf), memories);
  expect(ordered.map(({ consumer }) => consumer).join('')).toBe(order);
});
