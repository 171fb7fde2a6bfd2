import type { ComponentConfig } from '../config/config.js';

/**
 * These bytes stand in an answer about a component exactly when it has the status: the check that every tool can make
 * which sees the body as text.
 */
export const UP = '"status":"up"';
export const DOWN = '"status":"down"';
/** Stands in every answer about a component, whatever its status, and in no other page. */
export const ANY = '"status":"';

/** A tool that knows only good and bad needs both questions to tell up, degraded and down apart. */
export const QUESTIONS = [
  { key: 'up', words: 'is up' },
  { key: 'not-down', words: 'is not down' },
] as const;
export type Question = (typeof QUESTIONS)[number];

export function componentUrl({ id }: Pick<ComponentConfig, 'id'>, url: string): string {
  return `${url}/api/v2/status/${id}`;
}
