import type { NatsBinary } from '../support/nats-binary.js';
import { paced, pacedInterval } from '../support/pace.js';

/** Times of the service under test, ms. */
export interface Times {
  /** Poll interval. */
  readonly every: number;
  /** For one request. */
  readonly timeout: number;
  readonly staleAfter: number;
  readonly deadAfter: number;
  readonly startGrace: number;
}

/** Short, so that the whole matrix takes a minute; ages are told in steps of 5 s, hence no shorter. */
export const SHORT_TIMES: Times = {
  every: pacedInterval(1000),
  timeout: paced(400),
  staleAfter: paced(5000),
  deadAfter: paced(10_000),
  startGrace: paced(2000),
};

/** Those of a configuration that sets none. */
export const DEFAULT_TIMES: Times = {
  every: 5000,
  timeout: 2000,
  staleAfter: 15_000,
  deadAfter: 60_000,
  startGrace: 10_000,
};

/** What a public change may take beyond its bound: the time between two looks, and of a busy machine. */
export const SLACK_MS = paced(1500);

/** What became visible when; ms since the fault began, `recover` since it ended. */
export type Moment = 'notice' | 'dead' | 'recover' | 'exit';

/** One playing of one row. */
export interface Scene {
  readonly binary: NatsBinary;
  /** All servers there are, oldest first. */
  readonly binaries: readonly NatsBinary[];
  /** Another program to put in the place of the service. */
  readonly program: string | undefined;
  readonly times: Times;
  /** Not fresh: the fault comes directly after another one. */
  readonly afterAnother: boolean;
  /** Ends the thing with the scene; the last first. */
  own<T extends { stop(): Promise<unknown> }>(thing: T): T;
  saw(moment: Moment, ms: number): void;
}

/** A fault with what is required of the service when it happens. */
export interface Row {
  /** Number in the table of faults, with a letter where there are several ways to make it. */
  readonly id: string;
  readonly fault: string;
  /** Played by `npm test`. */
  readonly isShort: boolean;
  /** Makes no sense after another fault: nothing is there before it. */
  readonly onlyFresh?: true;
  /** @returns why it cannot be played here; undefined when it can */
  readonly obstacle?: (scene: Pick<Scene, 'binary' | 'binaries'>) => string | undefined;
  /** Rejects when something is not as required. */
  play(scene: Scene): Promise<void>;
}
