import { expect, test } from '@jest/globals';
import type { ComponentRound } from '../../src/health/component-round.js';
import type { ComponentState } from '../../src/health/evaluate-component.js';
import { evaluateComponent } from '../../src/health/evaluate-component.js';
import type { ConsumerReading } from '../../src/health/consumer-reading.js';
import { aReading, observed } from '../support/a-reading.js';

const SETTINGS = { everyMs: 1000, staleAfterMs: 3000, confirm: { worse: 2, better: 2 } };

/** The state after one more round a second later, in which each consumer gives this reading. */
function roundAfter(
  state: ComponentState | undefined,
  readings: Readonly<Record<string, ConsumerReading>>,
): ComponentState {
  const at = (state?.acceptedAt ?? 0) + 1000;
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

  const gone = roundAfter(changed, { b: quiet });
  expect([...gone.lives.keys()]).toEqual(['b']);
});
