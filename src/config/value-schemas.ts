import * as z from 'zod';
import { formatDuration, parseDuration } from './duration.js';
import { parseNatsUrls, NatsUrlError } from './nats-urls.js';

const DURATION = 'must be a duration such as 500ms, 5s, 2m or 1h';
/** Timers and rings are made for days, not for months. */
const LONGEST_MS = 168 * 3_600_000;

/** Every kind of value gives one sentence about what it must be, whichever way it is wrong. */

export function text(mustBe = 'must be text', accepts: (value: string) => boolean = (value) => value !== '') {
  return z.string({ error: mustBe }).refine(accepts, { error: mustBe });
}

export function flag() {
  return z.boolean({ error: 'must be true or false' });
}

export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const range =
    max === Number.MAX_SAFE_INTEGER ? `of ${String(min)} or more` : `from ${String(min)} to ${String(max)}`;
  const error = `must be a whole number ${range}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

/** Text such as `5s`, to milliseconds. */
export function duration(minMs: number, accepts?: { check: (ms: number) => boolean; mustBe: string }) {
  return z.string({ error: DURATION }).transform((value, context) => {
    const ms = parseDuration(value);
    const refusal =
      ms === undefined
        ? DURATION
        : accepts?.check(ms) === false
          ? accepts.mustBe
          : ms < minMs || ms > LONGEST_MS
            ? `must be from ${formatDuration(minMs)} to ${formatDuration(LONGEST_MS)}`
            : undefined;
    if (ms !== undefined && refusal === undefined) return ms;
    context.addIssue({ code: 'custom', message: refusal ?? DURATION });
    return z.NEVER;
  });
}

/** Text such as `60s`, to whole seconds. */
export function seconds() {
  const wholeSeconds = {
    check: (ms: number) => ms % 1000 === 0,
    mustBe: 'must be whole seconds, such as 60s, 5m or 1h',
  };
  return duration(0, wholeSeconds).transform((ms) => ms / 1000);
}

/** Path of a file; the mistake of pasting the file's content is refused without repeating it. */
export function filePath() {
  return text('must be the path of a file').refine((value) => !looksLikeFileContent(value), {
    error: 'must be the path of a file, not its content',
  });
}

/** Keys, certificates, credentials or a seed in the place of a path. */
export function looksLikeFileContent(value: string): boolean {
  return /[\r\n]|-----BEGIN/.test(value) || /^S[A-Z][A-Z2-7]{50,}$/.test(value);
}

export function natsUrls() {
  return z.string({ error: 'must be a list of nats:// or tls:// URLs' }).transform((value, context) => {
    try {
      return parseNatsUrls(value);
    } catch (error) {
      if (!(error instanceof NatsUrlError)) throw error;
      for (const message of error.reasons) context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });
}
