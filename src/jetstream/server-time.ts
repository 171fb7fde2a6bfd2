const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/**
 * Nanoseconds since the epoch of an RFC 3339 time as the server writes it: up to nine digits of a second, trailing
 * zeros dropped. Milliseconds are not enough: a message may be stored in the millisecond in which its consumer was
 * created.
 *
 * @returns undefined for anything else
 */
export function parseServerTime(text: unknown): bigint | undefined {
  if (typeof text !== 'string') return undefined;
  const [, seconds = '', fraction = '', zone = ''] = RFC_3339.exec(text) ?? [];
  const ms = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Milliseconds since the epoch, for what needs no more; undefined when it is no time. */
export function serverTimeMs(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
