import type { Status } from '../health/component-health.js';
import type { BadgeBody } from './shapes.js';

export interface BadgeContent {
  /** Name of the component. */
  readonly label: string;
  readonly status: Status;
}

/** The names shields.io has for its colours, and colours of our own that white text can be read on (4.5:1 and more). */
const COLORS = {
  up: { name: 'brightgreen', hex: '#2b7a2b' },
  degraded: { name: 'yellow', hex: '#8f6200' },
  down: { name: 'red', hex: '#b3261e' },
} as const satisfies Record<Status, object>;

/** For `https://img.shields.io/endpoint?url=…`. */
export function renderBadgeJson({ label, status }: BadgeContent): string {
  const badge: BadgeBody = { schemaVersion: 1, label, message: status, color: COLORS[status].name };
  return JSON.stringify(badge);
}

const HEIGHT = 20;
const FONT_SIZE = 11;
const PADDING = 6;
/** Beyond it the label is cut: a badge stands in a line of text. */
const LONGEST_LABEL = 60;

/**
 * A badge as an image. Attributes only, no style: the Content-Security-Policy of the answer allows none. Widths are
 * estimated, since no font can be measured here; `textLength` makes the text fit whatever font there is.
 */
export function renderBadgeSvg({ label, status }: BadgeContent): string {
  const shown = shorten(label);
  const left = { text: shown, width: textWidth(shown) + 2 * PADDING, x: 0 };
  const right = { text: status, width: textWidth(status) + 2 * PADDING, x: left.width };
  const width = left.width + right.width;
  const title = escapeXml(`${label}: ${status}`);
  const words = ({ text, x, width: boxWidth }: typeof left): string =>
    `<text x="${String(x + PADDING)}" y="14" textLength="${String(boxWidth - 2 * PADDING)}"` +
    ` lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(HEIGHT)}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    // The left field lies over the right one. No clip path: two badges within one page would share its id.
    `<rect width="${String(width)}" height="${String(HEIGHT)}" rx="3" fill="${COLORS[status].hex}"/>`,
    `<path d="M3 0H${String(left.width)}V20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#444"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="${String(FONT_SIZE)}">`,
    `${words(left)}${words(right)}</g>`,
    '</svg>',
  ].join('');
}

function shorten(label: string): string {
  const characters = Array.from(label);
  return characters.length <= LONGEST_LABEL ? label : `${characters.slice(0, LONGEST_LABEL - 1).join('')}…`;
}

/** In px, of Verdana at the size of the badge. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return Math.ceil(width);
}

function characterWidth(character: string): number {
  if (/[ijl.,:;'|! ]/.test(character)) return 3.9;
  if (/[frt()[\]-]/.test(character)) return 4.8;
  if (/[mwMW@%]/.test(character)) return 10.4;
  if (/[A-Z]/.test(character)) return 7.9;
  // Scripts with wide characters.
  if (/[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uffef]|[^\0-\uffff]/u.test(character))
    return FONT_SIZE;
  return 6.9;
}

/** Characters that XML does not know at all are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
