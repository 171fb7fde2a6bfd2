import type { ConsumerReading } from './consumer-reading.js';

interface FigureDefinition {
  /** One sentence for whoever reads the number. */
  readonly meaning: string;
  /** How the consumers' values become the component's. */
  readonly combine: 'sum' | 'max';
  /** The consumer's own value; undefined when it could not be known, which adds nothing. */
  readonly of: (reading: ConsumerReading) => number | undefined;
  /** Key of its limits in the configuration and the words for it in a detail; absent for figures without limits. */
  readonly limit?: { readonly key: string; readonly words: string };
}

/**
 * The figures of a component. The order of the rows is the order of the keys in every public JSON shape; a row is
 * all that another figure needs besides a field of ConsumerReading.
 */
export const FIGURES = {
  live_pullers: {
    meaning:
      'Pull requests that wait for messages now, summed over the consumers; a push consumer with a subscriber counts 1',
    combine: 'sum',
    of: (reading) => (reading.type === 'push' ? Number(reading.pushBound) : reading.waitingPulls),
  },
  backlog: {
    meaning: 'Messages never delivered, of the consumer that has most',
    combine: 'max',
    of: (reading) => reading.pending,
    limit: { key: 'backlog', words: 'backlog' },
  },
  in_flight: {
    meaning: 'Messages delivered and not acknowledged, of the consumer that has most',
    combine: 'max',
    of: (reading) => reading.ackPending,
    limit: { key: 'in_flight', words: 'in-flight' },
  },
  oldest_unacked_seconds: {
    meaning: 'Age since publication of the oldest message that is in one of the two; 0 when there is none',
    combine: 'max',
    of: (reading) => reading.oldestUnackedSeconds,
    limit: { key: 'oldest_unacked', words: 'oldest unacked age' },
  },
} as const satisfies Record<string, FigureDefinition>;

export type FigureName = keyof typeof FIGURES;
export type Figures = Readonly<Record<FigureName, number>>;

export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[];

export const NO_FIGURES: Figures = Object.freeze(
  Object.fromEntries(FIGURE_NAMES.map((name) => [name, 0])) as Record<FigureName, number>,
);

/** The figures of a component from its consumers' readings. */
export function figuresOf(readings: Iterable<ConsumerReading>): Figures {
  const figures = { ...NO_FIGURES };
  for (const reading of readings) {
    for (const name of FIGURE_NAMES) {
      const { combine, of }: FigureDefinition = FIGURES[name];
      const value = of(reading) ?? 0;
      figures[name] = combine === 'sum' ? figures[name] + value : Math.max(figures[name], value);
    }
  }
  return figures;
}
