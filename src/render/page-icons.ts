import type { Status } from '../health/component-health.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** A form of its own for each status, so that colour is never the only difference. */
const SHAPES = {
  up: html`<circle class="ground" cx="12" cy="12" r="11" /> <path class="sign" d="M7 12.5l3.4 3.4L17 9" />`,
  degraded: html`<path class="ground" d="M12 1.6 23.2 21a1 1 0 0 1-.9 1.5H1.7A1 1 0 0 1 .8 21z" />
    <path class="sign" d="M12 9v6M12 18.6v.1" />`,
  down: html`<path class="ground" d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" />
    <path class="sign" d="M8 8l8 8M16 8l-8 8" />`,
} as const satisfies Record<Status, Html>;

/** The shapes once per page; `renderIcon` refers to them. */
export function renderIconShapes(): Html {
  return html`<svg class="shapes" width="0" height="0" aria-hidden="true">
    ${Object.entries(SHAPES).map(
      ([status, shape]) => html`<symbol id="icon-${status}" viewBox="0 0 24 24">${shape}</symbol>`,
    )}
  </svg>`;
}

/** Never without the word beside it: the icon itself is hidden from screen readers. */
export function renderIcon(status: Status): Html {
  return html`<svg class="icon ${status}" aria-hidden="true"><use href="#icon-${status}" /></svg>`;
}

const FAVICON = {
  up: '<circle cx="12" cy="12" r="11" fill="#1f8a4c"/><path d="M7 12.5l3.4 3.4L17 9" SIGN/>',
  degraded: '<path d="M12 1 24 23H0z" fill="#b87500"/><path d="M12 9v6M12 19v.1" SIGN/>',
  down: '<path d="M7 1h10l6 6v10l-6 6H7l-6-6V7z" fill="#cf2f37"/><path d="M8 8l8 8M16 8l-8 8" SIGN/>',
} as const satisfies Record<Status, string>;
const SIGN = 'fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"';

/** The status in the browser's tab. A data URL, so that it changes with the page and needs no further request. */
export function faviconUrl(status: Status): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${FAVICON[status].replace('SIGN', SIGN)}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
