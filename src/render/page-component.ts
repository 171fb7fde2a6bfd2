import type { FigureName } from '../health/figures.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageComponent, PageContent } from './page-content.js';
import { renderIcon } from './page-icons.js';
import { renderSparkline } from './page-sparkline.js';
import { percent, renderStrip } from './page-strip.js';
import { renderTime } from './page-time.js';
import { FIGURE_WORDS, sentences, STATUS_WORDS } from './page-words.js';
import { duration } from './quantities.js';
import type { Past, Span } from './past.js';

const FIGURES = Object.keys(FIGURE_WORDS) as FigureName[];

/** Said in a detail when the server does not let the monitor read messages: then the 0 is no figure. */
const AGE_UNKNOWN = 'oldest unacked age unknown';
const UNKNOWN = 'unknown';

/**
 * One component. What `data-live` names is replaced by the script when it changes, and nothing else, so that whoever
 * reads with the keyboard or listens keeps their place.
 */
export function renderComponent(component: PageComponent, page: PageContent): Html {
  const { id, name, health, state, past } = component;
  return html`<article
    class="card"
    aria-labelledby="name-${id}"
    data-component="${id}"
    data-state="${health.status}"
    data-figures="${state}"
  >
    <header>
      <h3 id="name-${id}">${name}</h3>
      <p class="pill ${health.status}" data-live="${id}-state">
        ${renderIcon(health.status)}${STATUS_WORDS[health.status].word}
      </p>
    </header>
    <p class="reason" data-live="${id}-reason">${reasonOf(component, page)}</p>
    <dl class="figures">${FIGURES.map((figure) => renderFigure(figure, component, page.span))}</dl>
    <div class="past" data-live="${id}-past">${page.span && past && renderPast(past, page.span)}</div>
    <footer>
      <p class="since" data-live="${id}-since">${sinceOf(component, page)}</p>
      <p class="links">
        <a href="/api/v2/status/${id}">Figures<span class="unseen"> of ${name}</span> as JSON</a>
        <a href="/api/v2/status/${id}/history">History<span class="unseen"> of ${name}</span> as JSON</a>
      </p>
    </footer>
  </article>`;
}

function reasonOf({ health, state, readTime }: PageComponent, { wallNow }: PageContent): Html {
  const words = health.detail === '' ? 'Work is being processed.' : `${sentences(health.detail)}.`;
  return state === 'stale' && readTime !== undefined
    ? html`${words}
        <strong class="old">The figures below were read at ${renderTime(readTime, wallNow)}.</strong>`
    : html`${words}`;
}

function renderFigure(name: FigureName, component: PageComponent, span: Span | undefined): Html {
  const value = valueOf(name, component);
  // What is not known now was told as 0 before.
  const past = value === UNKNOWN ? undefined : component.past;
  return html`<div class="figure" data-live="${component.id}-${name}">
    <dt>${FIGURE_WORDS[name].label}<span class="colon">: </span></dt>
    <dd class="value">${withSmallUnits(value)}</dd>
    ${span && past && html`<dd class="trend">${renderSparkline(name, past, span)}</dd>`}
  </div>`;
}

function valueOf(name: FigureName, { health: { figures, detail }, state }: PageComponent): string {
  if (state === 'none') return UNKNOWN;
  if (name !== 'oldest_unacked_seconds') return FIGURE_WORDS[name].say(figures[name]);
  if (detail.includes(AGE_UNKNOWN)) return UNKNOWN;
  const nothingWaits = figures[name] === 0 && figures.backlog === 0 && figures.in_flight === 0;
  return nothingWaits ? 'none' : FIGURE_WORDS[name].say(figures[name]);
}

function withSmallUnits(value: string): Html {
  const words = value.split(' ').map((word, index) => {
    const space = index === 0 ? '' : ' ';
    return index > 0 && /^[a-z]/.test(word)
      ? html`${space}<span class="unit">${word}</span>`
      : html`${space}${word}`;
  });
  return html`${words}`;
}

function renderPast(past: Past, span: Span): Html {
  const up = past.shares?.up;
  return html`${renderStrip(past, span)}
    <p class="axis">
      <span>${duration(span.to - span.from)} ago</span>
      <span class="share">${up === undefined ? 'No figures' : `Up ${percent(up)} of the time`}</span>
      <span>now</span>
    </p>`;
}

function sinceOf({ health: { status }, state, past }: PageComponent, { wallNow }: PageContent): Html {
  const { word } = STATUS_WORDS[status];
  const run = past?.run;
  if (run?.status !== status) {
    return html`${state === 'none' ? 'No figures so far' : `${word} since the figures became old`}`;
  }
  return html`${word} since ${renderTime(run.since, wallNow)}${run.isKnown ? '' : ' or earlier'}`;
}
