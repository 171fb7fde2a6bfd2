import { UsageError } from './usage-error.js';

const FORM = 'must be an http:// or https:// address such as https://status.example.com';

/**
 * The address of a service as somebody typed it, without slash at its end; a path before the API is kept.
 *
 * @throws UsageError that repeats nothing of it: there may be a password in it
 */
export function parseServiceUrl(typed: string, subject = 'option --url'): string {
  if (!/^https?:\/\//i.test(typed) || !URL.canParse(typed)) throw new UsageError(`${subject} ${FORM}`);
  const { origin, pathname, username, password, search, hash } = new URL(typed);
  if (username !== '' || password !== '') {
    throw new UsageError(`${subject} must have no user and password: the service asks for none`);
  }
  if (search !== '' || hash !== '') throw new UsageError(`${subject} must have no query and no fragment`);
  return origin + pathname.replace(/\/+$/, '');
}
