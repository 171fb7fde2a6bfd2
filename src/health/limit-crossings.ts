import type { ConsumerReading } from './consumer-reading.js';
import { FIGURES } from './figures.js';
import type { Level, Limit, LimitedFigure, LimitKey, Limits } from './thresholds.js';

/** One limit of one consumer that its figure has crossed, as text so that it can stand in a set. */
export type Crossing = `${Level} ${LimitKey} ${string}`;

/** Most consumers cross none. */
const NO_CROSSINGS: readonly Crossing[] = [];
const LIMITED_FIGURES: readonly LimitedFigure[] = ['backlog', 'in_flight', 'oldest_unacked_seconds'];

/**
 * The limits that a consumer has crossed. One that is already shown in public holds until the figure is at or below
 * 80 % of it, so that a figure hovering at its limit does not flap.
 *
 * @param shown the crossings that the public answer shows
 */
export function crossingsOf(
  consumerKey: string,
  reading: ConsumerReading,
  { limits, shown }: { limits: Limits; shown: ReadonlySet<Crossing> },
): readonly Crossing[] {
  let crossings = NO_CROSSINGS;
  for (const figure of LIMITED_FIGURES) {
    const { key } = FIGURES[figure].limit;
    const limitsOfFigure = limits[key];
    const value = FIGURES[figure].of(reading);
    if (limitsOfFigure === undefined || value === undefined) continue;
    for (const level of ['critical', 'warn'] as const) {
      const limit = limitsOfFigure[level];
      if (limit === undefined || !(isOver(value, limit) || isNear(value, limit))) continue;
      const crossing: Crossing = `${level} ${key} ${consumerKey}`;
      if (isOver(value, limit) || shown.has(crossing)) crossings = [...crossings, crossing];
    }
  }
  return crossings;
}

/** Sentences for the crossings of one level, one per figure, in the order of the figures. */
export function crossingSentences(level: Level, crossings: readonly Crossing[]): string[] {
  const words = level === 'critical' ? 'critical' : 'warning';
  return LIMITED_FIGURES.filter((figure) =>
    crossings.some((crossing) => crossing.startsWith(`${level} ${FIGURES[figure].limit.key} `)),
  ).map((figure) => `${FIGURES[figure].limit.words} above ${words} threshold`);
}

export function isOfLevel(level: Level, crossing: Crossing): boolean {
  return crossing.startsWith(`${level} `);
}

function isOver(value: number, { value: limit, inclusive }: Limit): boolean {
  return inclusive ? value >= limit : value > limit;
}

/** Above 80 % of the limit, in whole numbers. */
function isNear(value: number, { value: limit }: Limit): boolean {
  return value * 5 > limit * 4;
}
