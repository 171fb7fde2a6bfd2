/** Longest first. */
const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** @returns milliseconds, undefined when the text is no duration such as `500ms`, `5s`, `2m`, `1h` */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12})(ms|s|m|h)$/.exec(text) ?? [];
  const factor = UNITS.find(([name]) => name === unit)?.[1];
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** The shortest text for whole milliseconds; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  const [unit, factor] = UNITS.find(([, size]) => ms > 0 && ms % size === 0) ?? ['s', 1000];
  return `${String(ms / factor)}${unit}`;
}
