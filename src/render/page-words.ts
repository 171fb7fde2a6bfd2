import type { Status } from '../health/component-health.js';
import type { FigureName } from '../health/figures.js';

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

/** `1 min 35 s`: the two largest units, rounded down. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return pair(days, 'd', hours % 24, 'h');
  if (hours > 0) return pair(hours, 'h', minutes % 60, 'min');
  if (minutes > 0) return pair(minutes, 'min', whole % 60, 's');
  return `${String(whole)} s`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = small === 0 ? '' : ` ${String(small)} ${smallUnit}`;
  return `${count(large)} ${largeUnit}${rest}`;
}

function messages(value: number): string {
  return `${count(value)} ${value === 1 ? 'message' : 'messages'}`;
}

/** `12,345`. Not by Intl, which would follow the locale of the server. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A detail is written to stand in JSON; on the page its sentences begin with a capital letter. */
export function sentences(detail: string): string {
  return detail
    .split('; ')
    .map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1))
    .join('. ');
}
