import type { ConsumerId, Observation, ProblemKind } from '../health/consumer-reading.js';

export interface ReadRound {
  /** Monotonic ms by which every consumer is reported; what is unknown then is inconclusive. */
  readonly deadline: number;
  /**
   * Takes what is known about `consumers[index]`, once per consumer, as soon as it is known, so that one slow
   * consumer holds up nobody else's component. Calls after the deadline are ignored.
   */
  readonly report: (index: number, observation: Observation) => void;
}

/** Asks about all consumers of a round. Never rejects: a failed read is an observation. Settles by the deadline. */
export type ReadConsumers = (consumers: readonly ConsumerId[], round: ReadRound) => Promise<void>;

/** One consumer of a stream as discovery sees it. */
export interface ListedConsumer {
  readonly consumer: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** What a stream's consumer list said. */
export type ConsumerListing =
  | {
      readonly outcome: 'listed';
      readonly consumers: readonly ListedConsumer[];
      /** Consumers that exist but did not answer (`missing`, `offline`): known, though nothing was read. */
      readonly unanswered: readonly string[];
    }
  /** Definite: there is no such stream. */
  | { readonly outcome: 'absent' }
  /** Proves nothing; the known set stays. */
  | { readonly outcome: 'inconclusive'; readonly problem: ProblemKind };

/** Lists every consumer of one stream. Never rejects; takes seconds in a cluster with a silent member. */
export type ListConsumers = (stream: string) => Promise<ConsumerListing>;

/** The names of an account's streams. */
export type StreamListing =
  | { readonly outcome: 'listed'; readonly streams: readonly string[] }
  /** Proves nothing; the known streams stay. */
  | { readonly outcome: 'inconclusive'; readonly problem: ProblemKind };

/** Lists the streams of the account. Never rejects. */
export type ListStreams = () => Promise<StreamListing>;
