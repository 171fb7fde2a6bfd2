import { FIGURES } from './figures.js';

type Figures = typeof FIGURES;

/** The figures that have limits, under the keys that the configuration uses for them. */
export type LimitedFigure = {
  [Name in keyof Figures]: Figures[Name] extends { limit: unknown } ? Name : never;
}[keyof Figures];

export type LimitKey = Figures[LimitedFigure]['limit']['key'];

/** Crossing `warn` degrades, crossing `critical` takes down. */
export const LEVELS = ['critical', 'warn'] as const;
export type Level = (typeof LEVELS)[number];

/** Limits in the unit of the figure (messages or seconds); a value equal to the limit has not crossed it. */
export type Thresholds = Readonly<Partial<Record<LimitKey, Readonly<Partial<Record<Level, number>>>>>>;
