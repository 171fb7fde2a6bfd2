import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConsumerReading, Observation } from '../../src/health/consumer-reading.js';
import type { ComponentState } from '../../src/health/evaluate-component.js';
import { evaluateComponent } from '../../src/health/evaluate-component.js';
import type { Snapshot } from '../../src/health/snapshot.js';
import { healthAt } from '../../src/health/snapshot.js';
import { aReading, inconclusive, observed } from '../support/a-reading.js';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 3000);
const EVERY = 5000;
const STALE = 15_000;
const LIMITS = { staleAfterMs: STALE, deadAfterMs: 60_000, startGraceMs: 10_000 };
const CONFIRM = { worse: 2, better: 2 };
const ACK_WAIT = 30_000;
const WINDOW = ACK_WAIT + EVERY;

/** What happens to one consumer between two rounds, and whether the round learns of it. */
interface Event {
  readonly answer: 'reading' | 'lost' | 'absent';
  readonly waiting: number;
  readonly pending: number;
  readonly inFlight: number;
  readonly delivers: boolean;
  readonly reportsProgress: boolean;
  readonly settles: boolean;
  readonly happening: 'nothing' | 'created anew' | 'new leader' | 'memory lost';
}

const event: fc.Arbitrary<Event> = fc.record({
  answer: fc.oneof(
    { weight: 10, arbitrary: fc.constant('reading' as const) },
    { weight: 1, arbitrary: fc.constant('lost' as const) },
    { weight: 1, arbitrary: fc.constant('absent' as const) },
  ),
  waiting: fc.constantFrom(0, 0, 0, 1),
  pending: fc.constantFrom(0, 0, 3),
  inFlight: fc.constantFrom(0, 1, 2),
  delivers: fc.boolean(),
  reportsProgress: fc.constantFrom(false, false, false, true),
  settles: fc.constantFrom(false, false, true),
  happening: fc.oneof(
    { weight: 20, arbitrary: fc.constant('nothing' as const) },
    { weight: 1, arbitrary: fc.constantFrom('created anew', 'new leader', 'memory lost') },
  ),
});
/** Mostly nothing moves: otherwise nobody would ever be dead. */
const calm = event.map((drawn) => ({ ...drawn, delivers: false, reportsProgress: false, settles: false }));
const round = fc.record({
  afterMs: fc.constantFrom(1000, EVERY, EVERY, EVERY, EVERY, 7000, 12_000, 16_000, 70_000),
  events: fc.tuple(
    fc.oneof({ weight: 3, arbitrary: calm }, { weight: 1, arbitrary: event }),
    fc.oneof({ weight: 3, arbitrary: calm }, { weight: 1, arbitrary: event }),
  ),
});

/** A consumer as a server would tell of it. */
class Consumer {
  #created = 1;
  #leader = 1;
  #delivered = 0;
  #floor = 0;
  #moves = 0;
  #remembers = true;
  #movedAt = 0;

  observe(event: Event, now: number): Observation {
    if (event.happening === 'created anew') this.#reset();
    if (event.happening === 'new leader') this.#leader += 1;
    if (event.happening === 'memory lost') this.#remembers = false;
    if (event.delivers || event.reportsProgress || event.settles) {
      this.#remembers = true;
      this.#moves += 1;
      this.#movedAt = now;
    }
    if (event.delivers) this.#delivered += 1;
    if (event.settles && this.#floor < this.#delivered) this.#floor += 1;
    if (event.answer === 'absent') return { outcome: 'absent', askedAt: now };
    return event.answer === 'lost' ? inconclusive(now) : observed(this.#reading(event, now), now);
  }

  #reset(): void {
    this.#created += 1;
    this.#delivered = 0;
    this.#floor = 0;
    this.#remembers = true;
  }

  #reading({ waiting, pending, inFlight }: Event, now: number): ConsumerReading {
    const lastActive = this.#remembers && this.#delivered > 0 ? `move ${String(this.#moves)}` : undefined;
    return aReading({
      created: String(this.#created),
      leader: `server ${String(this.#leader)}`,
      waitingPulls: waiting,
      pending,
      ackPending: inFlight,
      delivered: {
        consumerSeq: this.#delivered,
        streamSeq: this.#delivered,
        lastActive,
        lastActiveAgoMs: lastActive === undefined ? undefined : now - this.#movedAt,
      },
      ackFloor: {
        consumerSeq: this.#floor,
        streamSeq: this.#floor,
        lastActive: undefined,
        lastActiveAgoMs: undefined,
      },
    });
  }
}

interface Seen {
  readonly at: number;
  readonly reading: ConsumerReading;
  /** A round of the component was accepted more than `STALE` after the one before, at or before this reading. */
  readonly epoch: number;
}

/** Says from the bare readings of one consumer whether `up` may be said of it; shares nothing with the program. */
function mayBeUp(history: readonly Seen[], epoch: number, now: number): boolean {
  const newest = history.at(-1);
  if (newest === undefined || newest.at <= now - STALE - 1) return false;
  const life = history.filter(({ reading }) => reading.created === newest.reading.created);
  let isAlive = false;
  let lifeless = 0;
  let graceUntil = -Infinity;
  for (const [index, seen] of life.entries()) {
    const earlier = life.slice(0, index + 1);
    const before = life[index - 1];
    if (before !== undefined && before.epoch !== seen.epoch) {
      isAlive = false;
      lifeless = 0;
    }
    const { reading, at } = seen;
    const lost =
      before === undefined
        ? reading.delivered.lastActive === undefined && reading.delivered.consumerSeq > 0
        : before.reading.leader !== reading.leader ||
          (before.reading.delivered.lastActive !== undefined && reading.delivered.lastActive === undefined);
    if (lost) graceUntil = at + 60_000;
    if (showsLife(earlier, at)) {
      isAlive = true;
      lifeless = 0;
    } else if (at <= graceUntil) {
      lifeless = 0;
    } else {
      lifeless += 1;
      if (lifeless >= 2) isAlive = false;
    }
  }
  return isAlive && newest.epoch === epoch;
}

function showsLife(history: readonly Seen[], at: number): boolean {
  const newest = history.at(-1);
  if (newest === undefined) return false;
  const { reading } = newest;
  if (reading.waitingPulls > 0) return true;
  const deliveredAt = lastMove(history, (position) => position.delivered);
  if (at - deliveredAt <= WINDOW) return true;
  const floorAt = lastMove(history, (position) => position.ackFloor);
  return reading.ackPending > 0 && at - floorAt <= WINDOW && at - deliveredAt <= 10 * WINDOW;
}

function lastMove(
  history: readonly Seen[],
  of: (reading: ConsumerReading) => ConsumerReading['delivered'],
): number {
  let moved = -Infinity;
  history.forEach(({ at, reading }, index) => {
    const now = of(reading);
    const before = history[index - 1];
    const hasMoved =
      before === undefined
        ? now.lastActive !== undefined
        : now.consumerSeq > of(before.reading).consumerSeq ||
          (now.lastActive !== undefined && now.lastActive !== of(before.reading).lastActive);
    if (hasMoved) moved = at;
  });
  return moved;
}

describe('the promise', () => {
  test('up is said only of consumers that were read lately and are alive, after a round that found nothing', () => {
    let ups = 0;
    fc.assert(
      fc.property(fc.array(round, { minLength: 1, maxLength: 60 }), (rounds) => {
        const consumers = [new Consumer(), new Consumer()];
        const histories: Seen[][] = [[], []];
        let state: ComponentState | undefined;
        let snapshot: Snapshot | undefined;
        let acceptedAt: number | undefined;
        let epoch = 0;
        let goodRounds: number[] = [];
        let now = 1_000_000;
        for (const { afterMs, events } of rounds) {
          now += afterMs;
          const observations = consumers.map((consumer, index) =>
            consumer.observe(events[index as 0 | 1], now),
          );
          const isAccepted = observations.every(({ outcome }) => outcome !== 'inconclusive');
          if (isAccepted && acceptedAt !== undefined && now - acceptedAt > STALE) {
            epoch += 1;
            goodRounds = [];
          }
          observations.forEach((observation, index) => {
            const history = histories[index] ?? [];
            if (observation.outcome === 'reading')
              history.push({ at: now, reading: observation.reading, epoch });
          });
          const evaluation = evaluateComponent(
            state,
            {
              selectionCount: 2,
              startedAt: now,
              consumers: observations.map((observation, index) => ({
                terms: {
                  id: { stream: 'S', consumer: String(index) },
                  key: String(index),
                  selections: [index],
                  expectPullers: 'always',
                  workWindowMs: undefined,
                  critical: false,
                  limitsFor: () => ({}),
                },
                observation,
              })),
            },
            { everyMs: EVERY, staleAfterMs: STALE, confirm: CONFIRM },
          );
          ({ state } = evaluation);
          if (evaluation.health !== undefined) {
            acceptedAt = now;
            snapshot = { health: evaluation.health, readAt: evaluation.readAt, readTime: 0 };
            // What is publicly missing is forgotten.
            if (evaluation.health.detail.includes('missing')) {
              observations.forEach(({ outcome }, index) => {
                if (outcome === 'absent') histories[index]?.splice(0);
              });
            }
            goodRounds = [...goodRounds, Number(state.verdicts.at(-1)?.status === 'up')].slice(
              -CONFIRM.worse,
            );
          }
          for (const at of [now, now + EVERY, now + STALE, now + STALE + 1]) {
            const { health } = healthAt(snapshot, at, LIMITS, 0);
            if (health.status !== 'up') continue;
            ups += 1;
            expect(goodRounds).toContain(1);
            expect(snapshot === undefined ? Infinity : at - snapshot.readAt).toBeLessThanOrEqual(STALE);
            // What came later than the last accepted round is not public; and a verdict that is not confirmed yet
            // may tell already of what these readings show.
            if (goodRounds.at(-1) !== 1) continue;
            const publicUntil = acceptedAt ?? -Infinity;
            const known = histories.map((history) => history.filter((seen) => seen.at <= publicUntil));
            expect(known.map((history) => mayBeUp(history, epoch, at))).toEqual([true, true]);
          }
        }
      }),
      { numRuns: RUNS },
    );
    // Otherwise nothing was shown.
    expect(ups).toBeGreaterThan(RUNS);
  });

  test('workers that deliver or report progress within their ack wait are never anything but up', () => {
    const worker = fc.record({
      // Gaps between signs of life, on the worker's side; the ack wait is their limit.
      gaps: fc.array(fc.integer({ min: 100, max: ACK_WAIT }), { minLength: 20, maxLength: 60 }),
      progress: fc.boolean(),
      lostEvery: fc.integer({ min: 2, max: 5 }),
    });
    fc.assert(
      fc.property(worker, ({ gaps, progress, lostEvery }) => {
        const signs = gaps.reduce<number[]>((all, gap) => [...all, (all.at(-1) ?? 0) + gap], []);
        let state: ComponentState | undefined;
        let count = 0;
        for (let now = EVERY; now < (signs.at(-1) ?? 0); now += EVERY) {
          count += 1;
          const moves = signs.filter((sign) => sign <= now).length;
          const reading = aReading({
            ackPending: 1,
            delivered: {
              consumerSeq: progress ? 1 : moves + 1,
              streamSeq: 1,
              lastActive: String(moves),
              lastActiveAgoMs: now - Math.max(0, ...signs.filter((sign) => sign <= now)),
            },
          });
          const { state: next, health } = evaluateComponent(
            state,
            {
              selectionCount: 1,
              startedAt: now,
              consumers: [
                {
                  terms: {
                    id: { stream: 'S', consumer: 'c' },
                    key: 'c',
                    selections: [0],
                    expectPullers: 'always',
                    workWindowMs: undefined,
                    critical: false,
                    limitsFor: () => ({}),
                  },
                  observation: count % lostEvery === 0 ? inconclusive(now) : observed(reading, now),
                },
              ],
            },
            { everyMs: EVERY, staleAfterMs: STALE, confirm: CONFIRM },
          );
          state = next;
          if (health !== undefined) expect([now, health.status]).toEqual([now, 'up']);
        }
      }),
      { numRuns: RUNS / 10 },
    );
  });
});
