import type { Html } from './html.js';
import { html } from './html.js';

const DAY = 24 * 60 * 60;

/**
 * A moment for people, in UTC: the server does not know where they are. The script turns it into their own time.
 *
 * @param time seconds since the epoch
 * @param now the same; decides whether the date has to be said
 */
export function renderTime(time: number, now: number): Html {
  const iso = new Date(Math.floor(time) * 1000).toISOString().replace('.000Z', 'Z');
  const clock = iso.slice(11, 19);
  const words = Math.abs(now - time) < DAY ? `${clock} UTC` : `${iso.slice(0, 10)} ${clock} UTC`;
  return html`<time datetime="${iso}">${words}</time>`;
}
