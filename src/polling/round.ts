import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { ObservedConsumer } from '../health/component-round.js';
import type { Observation } from '../health/consumer-reading.js';
import type { ReadRound } from './read-consumers.js';
import type { WatchedComponent, WatchList } from './watch-list.js';

export interface RoundOptions {
  readonly watched: WatchList;
  /** Monotonic ms. */
  readonly deadline: number;
  readonly clock: Clock;
  /** Called once per component soon after all of its consumers are observed. */
  readonly onComponent: (component: WatchedComponent, consumers: readonly ObservedConsumer[]) => void;
}

/** One round as it comes in. */
export interface Round extends ReadRound {
  /** As in `WatchList.consumers`; complete once the round is closed. */
  readonly observations: readonly (Observation | undefined)[];
  /** Resolves at the deadline: nothing that never answers can hold up the next round. */
  readonly overdue: Promise<void>;
  /**
   * Whatever is unknown by now is inconclusive, and later reports are dropped. Settles once `onComponent` was called for
   * all; rejects with what it threw.
   */
  close(): Promise<void>;
  /**
   * Lets go of the observations of a closed round. The garbage collector seldom looks at what has lived for a while: an
   * array that got there would keep alive all that it holds, one more of each round.
   */
  release(): void;
}

export function startRound({ watched, deadline, clock, onComponent }: RoundOptions): Round {
  const observations: (Observation | undefined)[] = watched.consumers.map(() => undefined);
  const awaited = watched.components.map(({ consumers }) => consumers.length);
  let isOpen = true;
  let told = Promise.resolve();

  const observedOf = ({ consumers }: WatchedComponent): ObservedConsumer[] => {
    const observed: ObservedConsumer[] = [];
    for (const { terms, index } of consumers) {
      const observation = observations[index];
      if (observation !== undefined) observed.push({ terms, observation });
    }
    return observed;
  };
  // One in each turn of the event loop: several of thousands of consumers in a row would hold up all answers.
  const settle = (component: WatchedComponent): void => {
    told = told
      .then(() => nextTurn())
      .then(() => {
        onComponent(component, observedOf(component));
      });
    // Whoever closes the round hears of it.
    told.catch(() => undefined);
  };
  const report = (index: number, observation: Observation): void => {
    if (!isOpen || observations[index] !== undefined) return;
    observations[index] = observation;
    for (const owner of watched.ownersOf[index] ?? []) {
      awaited[owner] = (awaited[owner] ?? 0) - 1;
      const component = watched.components[owner];
      if (awaited[owner] === 0 && component !== undefined) settle(component);
    }
  };

  const { promise: overdue, cancel } = after(deadline - clock.now());
  for (const component of watched.components) {
    if (component.consumers.length === 0) settle(component);
  }
  return {
    deadline,
    observations,
    report,
    overdue,
    async close() {
      cancel();
      const askedAt = clock.now();
      observations.forEach((known, index) => {
        if (known === undefined) report(index, { outcome: 'inconclusive', askedAt, problem: 'timeout' });
      });
      isOpen = false;
      await told;
    },
    release() {
      observations.length = 0;
    },
  };
}

function after(ms: number): { promise: Promise<void>; cancel: () => void } {
  let cancel = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancel = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { promise, cancel };
}
