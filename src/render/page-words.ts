import type { Status } from '../health/component-health.js';
import type { FigureName } from '../health/figures.js';
import { count, duration } from './quantities.js';

/** What the page calls a status, in a sentence and by itself. */
export const STATUS_WORDS = {
  up: { word: 'Up', inSentence: 'up' },
  degraded: { word: 'Degraded', inSentence: 'degraded' },
  down: { word: 'Down', inSentence: 'down' },
} as const satisfies Record<Status, { word: string; inSentence: string }>;

interface FigureWords {
  readonly label: string;
  /** The value with its unit, as a person would say it. */
  readonly say: (value: number) => string;
  /** Which of several values stands for all of them in a picture with less room: the one to worry about. */
  readonly telling: 'highest' | 'lowest';
}

/** The figures as people see them, in the order of their interest. */
export const FIGURE_WORDS = {
  oldest_unacked_seconds: { label: 'Oldest work waiting', say: duration, telling: 'highest' },
  backlog: { label: 'Not started', say: messages, telling: 'highest' },
  in_flight: { label: 'Being worked on', say: messages, telling: 'highest' },
  live_pullers: { label: 'Workers ready', say: count, telling: 'lowest' },
} as const satisfies Record<FigureName, FigureWords>;

function messages(value: number): string {
  return `${count(value)} ${value === 1 ? 'message' : 'messages'}`;
}

/** A detail is written to stand in JSON; on the page its sentences begin with a capital letter. */
export function sentences(detail: string): string {
  return detail
    .split('; ')
    .map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1))
    .join('. ');
}
