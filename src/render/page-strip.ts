import type { Html } from './html.js';
import { html } from './html.js';
import { STATUS_WORDS } from './page-words.js';
import { duration } from './quantities.js';
import type { Past, Span } from './past.js';
import { PARTS } from './past.js';

const BAR = { width: 5, gap: 3, height: 28 };
const WIDTH = PARTS * (BAR.width + BAR.gap) - BAR.gap;

/** The worse, the shorter: the bars can be told apart without their colours. In parts of the full height. */
const LEVELS = { up: 1, degraded: 0.6, down: 0.3, nothing: 0.07 } as const;
type Level = keyof typeof LEVELS;

const NOTHING = 'no figures';

/** The past of one component as a row of bars, each as bad as the worst that was known in its part of the time. */
export function renderStrip(past: Past, span: Span): Html {
  return html`<svg
    class="strip"
    viewBox="0 0 ${WIDTH} ${BAR.height}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${describe(past, span)}"
  >
    ${stretchesOf(past).map((stretch) => renderStretch(stretch, span))}
  </svg>`;
}

/** One bar by itself, as the legend shows it. */
export function renderBarAlone(level: Level): Html {
  const { width, height } = BAR;
  return html`<svg class="key" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
    ${renderPath(level, barAt(0, level), html``)}
  </svg>`;
}

/** Bars of one level in a row. */
interface Stretch {
  readonly level: Level;
  /** Index of the first bar. */
  readonly from: number;
  /** Index behind the last bar. */
  to: number;
}

function stretchesOf({ parts }: Past): Stretch[] {
  const stretches: Stretch[] = [];
  parts.forEach((part, index) => {
    const level = part?.status ?? 'nothing';
    const last = stretches.at(-1);
    if (last?.level === level) last.to = index + 1;
    else stretches.push({ level, from: index, to: index + 1 });
  });
  return stretches;
}

/** One path, whose hint tells what all of its bars say: a page of many components stays small. */
function renderStretch({ level, from, to }: Stretch, span: Span): Html {
  const bars = Array.from({ length: to - from }, (_, index) => barAt(from + index, level)).join('');
  const ago = (index: number): string => `${duration(((span.to - span.from) * (PARTS - index)) / PARTS)} ago`;
  const until = to === PARTS ? 'now' : ago(to);
  const words = level === 'nothing' ? NOTHING : STATUS_WORDS[level].inSentence;
  return renderPath(level, bars, html`<title>${ago(from)} to ${until}: ${words}</title>`);
}

function renderPath(level: Level, bars: string, hint: Html): Html {
  return html`<path class="bar ${level}" stroke-width="${BAR.width}" d="${bars}">${hint}</path>`;
}

function barAt(index: number, level: Level): string {
  const x = index * (BAR.width + BAR.gap) + BAR.width / 2;
  return `M${String(x)} ${String(BAR.height)}v-${String(Math.round(LEVELS[level] * BAR.height))}`;
}

function describe({ shares }: Past, span: Span): string {
  const told = (['up', 'degraded', 'down', 'nothing'] as const).flatMap((status) => {
    const share = shares?.[status] ?? 0;
    if (share === 0) return [];
    return [
      `${status === 'nothing' ? NOTHING : STATUS_WORDS[status].inSentence} ${percent(share)} of the time`,
    ];
  });
  return `Last ${duration(span.to - span.from)}: ${told.length === 0 ? NOTHING : told.join(', ')}`;
}

/** Rounded towards the middle: only all is 100 %, and only nothing is 0 %. */
export function percent(share: number): string {
  if (share === 1 || share === 0) return `${String(share * 100)} %`;
  const tenths = Math.min(999, Math.max(1, Math.round(share * 1000)));
  return `${(tenths / 10).toFixed(1)} %`;
}
