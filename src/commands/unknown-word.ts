import { nearestWord } from '../config/nearest-word.js';

/** What to say of a word that is none of those there are, with what was probably meant. */
export function unknownWord(kind: string, typed: string, words: readonly string[]): string {
  const near = nearestWord(typed, words);
  const shown = JSON.stringify(typed.slice(0, 60));
  return near === undefined
    ? `unknown ${kind} ${shown} (there are ${words.join(', ')})`
    : `unknown ${kind} ${shown}, did you mean ${near}?`;
}
