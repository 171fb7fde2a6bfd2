import { FIGURES } from './figures.js';

type FigureTable = typeof FIGURES;

/** The figures that have limits. */
export type LimitedFigure = {
  [Name in keyof FigureTable]: FigureTable[Name] extends { limit: unknown } ? Name : never;
}[keyof FigureTable];

/** The keys under which configuration and metadata name those limits. */
export type LimitKey = FigureTable[LimitedFigure]['limit']['key'];

/** Crossing `critical` takes a component down, crossing `warn` degrades it. Worst first. */
export const LEVELS = ['critical', 'warn'] as const;
export type Level = (typeof LEVELS)[number];

/** Limits as somebody wrote them, in the unit of the figure (messages or seconds). */
export type Thresholds = Readonly<Partial<Record<LimitKey, Readonly<Partial<Record<Level, number>>>>>>;

/** One limit that is in force. */
export interface Limit {
  readonly value: number;
  /** False: a figure crosses it above the value. True: already at the value (`io.nats.monitor.*` metadata). */
  readonly inclusive: boolean;
  readonly source: 'file' | 'metadata' | 'default';
}

/** The limits that are in force for one consumer. */
export type Limits = Readonly<Partial<Record<LimitKey, Readonly<Partial<Record<Level, Limit>>>>>>;
