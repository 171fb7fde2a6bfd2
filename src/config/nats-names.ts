/** Spaces, control characters and what separates or stands for parts of a subject or a path. */
const FORBIDDEN_IN_NAMES = /[\s.>/\\\p{Cc}]/u;
const MAX_NAME_LENGTH = 255;

/** A name that a server accepts for a stream or a consumer. */
export function isNatsName(text: string): boolean {
  return isNamePattern(text) && !text.includes('*');
}

/** A consumer's name in which `*` and `?` may stand for others. */
export function isNamePattern(text: string): boolean {
  return text.length > 0 && text.length <= MAX_NAME_LENGTH && !FORBIDDEN_IN_NAMES.test(text);
}

/** Tokens of a subject joined by dots, without wildcards. */
export function isSubject(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && /^[^\s.*>\p{Cc}]+(\.[^\s.*>\p{Cc}]+)*$/u.test(text);
}
