import { expect, test } from '@jest/globals';
import type { ComponentRound } from '../../src/health/component-round.js';
import type { ComponentState } from '../../src/health/evaluate-component.js';
import { evaluateComponent } from '../../src/health/evaluate-component.js';
import type { ConsumerReading } from '../../src/health/consumer-reading.js';
import { aReading, observed } from '../support/a-reading.js';

const SETTINGS = { everyMs: 1000, staleAfterMs: 3000, confirm: { worse: 2, better: 2 } };

/** The state after one more round, in which each consumer gives this reading. */
function roundAfter(
  state: ComponentState | undefined,
  readings: Readonly<Record<string, ConsumerReading>>,
  laterMs = 1000,
): ComponentState {
  const at = (state?.acceptedAt ?? 0) + laterMs;
  const consumers = Object.entries(readings).map(
    ([key, reading], index): ComponentRound['consumers'][number] => ({
      terms: {
        ...{ id: { stream: 'S', consumer: key }, key, selections: [index], critical: false },
        ...{ expectPullers: 'always', workWindowMs: undefined, limitsFor: () => ({}) },
      },
      observation: observed(reading, at),
    }),
  );
  return evaluateComponent(state, { selectionCount: consumers.length, consumers, startedAt: at }, SETTINGS)
    .state;
}

test('a round that says nothing new leaves the very same lives behind', () => {
  const readings = { a: aReading({ waitingPulls: 1 }), b: aReading({ waitingPulls: 2 }) };
  const before = roundAfter(undefined, readings);
  expect(roundAfter(before, readings).lives).toBe(before.lives);
});

test('what is new, and time that counts, make another life', () => {
  const pulling = aReading({ waitingPulls: 1 });
  const quiet = aReading();
  const before = roundAfter(undefined, { a: pulling, b: quiet });
  expect(before.lives.get('b')?.standing).toBe('unproven');

  const after = roundAfter(before, { a: pulling, b: quiet });
  expect(after.lives.get('a')).toBe(before.lives.get('a'));
  expect(after.lives.get('b')?.standing).toBe('dead');

  const changed = roundAfter(after, { a: aReading({ waitingPulls: 3 }), b: quiet });
  expect(changed.lives.get('a')?.reading.waitingPulls).toBe(3);

  const gone = roundAfter(before, { a: pulling });
  expect([...gone.lives.keys()]).toEqual(['a']);
});

test('the same reading again and again can come to mean something else', () => {
  const stalled = aReading({ waitingPulls: 1, pending: 5 });
  let state = roundAfter(undefined, { a: stalled });
  for (let second = 0; second < 59; second++) state = roundAfter(state, { a: stalled });
  expect(state.lives.get('a')?.isStuck).toBe(false);
  state = roundAfter(state, { a: stalled });
  expect(state.lives.get('a')?.isStuck).toBe(true);
});

test('after an outage the same reading proves life anew', () => {
  const pulling = aReading({ waitingPulls: 1 });
  const before = roundAfter(undefined, { a: pulling });
  const after = roundAfter(before, { a: pulling }, SETTINGS.staleAfterMs + 1000);
  expect(after.lives.get('a')?.standing).toBe('alive');
});
