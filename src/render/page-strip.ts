import type { Status } from '../health/component-health.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { duration, STATUS_WORDS } from './page-words.js';
import type { Segment, Span } from './timeline.js';
import { bucketsOf, sharesOf, worstIn } from './timeline.js';

const BARS = 80;
const BAR = { width: 5, gap: 3, height: 28 };
const WIDTH = BARS * (BAR.width + BAR.gap) - BAR.gap;

/** The worse, the shorter: the bars can be told apart without their colours. In parts of the full height. */
const LEVELS = { up: 1, degraded: 0.6, down: 0.3 } as const satisfies Record<Status, number>;
const NOTHING = 'no figures';
/** A mere line. */
const NOTHING_HEIGHT = 2;

/** The past of one component as a row of bars, each as bad as the worst that was known in its part of the time. */
export function renderStrip(segments: readonly Segment[], span: Span): Html {
  const bars = bucketsOf(segments, span, BARS).map((bucket, index) => {
    const status = worstIn(bucket);
    const ago = ((span.to - span.from) * (BARS - index)) / BARS;
    const hint = `${duration(ago)} ago: ${status === undefined ? NOTHING : STATUS_WORDS[status].inSentence}`;
    return renderBar(status, index * (BAR.width + BAR.gap), html`<title>${hint}</title>`);
  });
  return html`<svg
    class="strip"
    viewBox="0 0 ${WIDTH} ${BAR.height}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${describe(segments, span)}"
  >
    ${bars}
  </svg>`;
}

/** One bar by itself, as the legend shows it. */
export function renderBarAlone(status: Status | undefined): Html {
  return html`<svg
    class="key"
    viewBox="0 0 ${BAR.width} ${BAR.height}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${renderBar(status, 0, html``)}
  </svg>`;
}

function renderBar(status: Status | undefined, x: number, hint: Html): Html {
  const height = status === undefined ? NOTHING_HEIGHT : Math.round(LEVELS[status] * BAR.height);
  return html`<rect
    class="bar ${status ?? 'nothing'}"
    x="${x}"
    y="${BAR.height - height}"
    width="${BAR.width}"
    height="${height}"
    rx="1"
  >
    ${hint}
  </rect>`;
}

function describe(segments: readonly Segment[], span: Span): string {
  const shares = sharesOf(segments, span);
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
