import type { Status } from '../health/component-health.js';
import { worstOf } from '../health/component-health.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageComponent, PageContent } from './page-content.js';
import { renderIcon } from './page-icons.js';
import { renderTime } from './page-time.js';
import { STATUS_WORDS } from './page-words.js';

/** The state of everything in words, how fresh it is, and when it last changed. */
export function renderOverall(page: PageContent): Html {
  const { components } = page;
  const status = overallOf(components);
  return html`<section class="overall ${status}" aria-labelledby="overall" data-live="overall">
    ${renderIcon(status)}
    <div>
      <h2 id="overall"><span class="last-known">Last known: </span>${headline(components)}</h2>
      <p>${freshness(page)}</p>
      <p>${lastChange(page)}</p>
    </div>
  </section>`;
}

export function overallOf(components: readonly PageComponent[]): Status {
  return worstOf(components.map(({ health }) => health.status));
}

/** The overall state as a sentence without its full stop. */
export function headline(components: readonly PageComponent[]): string {
  if (components.every(({ state }) => state === 'none')) return 'Status not known yet';
  const total = components.length;
  const inStatus = (wanted: Status): number =>
    components.filter(({ health }) => health.status === wanted).length;
  const [down, degraded] = [inStatus('down'), inStatus('degraded')];
  if (down === 0 && degraded === 0) return 'Everything is up';
  if (down === 0) return `${ofAll(degraded, total)} degraded`;
  const others = degraded === 0 ? '' : `, ${String(degraded)} degraded`;
  return `${ofAll(down, total)} down${others}`;
}

function ofAll(some: number, total: number): string {
  if (total === 1) return 'The only component is';
  if (some === total) return 'Every component is';
  return `${String(some)} of ${String(total)} components ${some === 1 ? 'is' : 'are'}`;
}

/** By the oldest figures; those that were never read are told of in the warning. */
function freshness({ components, wallNow }: PageContent): Html {
  const times = components.flatMap(({ readTime }) => readTime ?? []);
  if (times.length === 0) return html`No figures have been read so far.`;
  const which = components.some(({ state }) => state === 'stale') ? 'Oldest figures' : 'Figures';
  return html`${which} read <span class="age" data-ago></span> at
    <span data-read>${renderTime(Math.min(...times), wallNow)}</span>.`;
}

const BECAME = {
  up: 'came up',
  degraded: 'became degraded',
  down: 'went down',
} as const satisfies Record<Status, string>;

function lastChange({ components, wallNow }: PageContent): Html {
  // One whose status is not that of its newest round has changed by age, which the warning tells.
  const runs = components.flatMap(({ name, health: { status }, past }) =>
    past?.run?.status === status ? [{ ...past.run, name }] : [],
  );
  const newest = runs.filter(({ isKnown }) => isKnown).toSorted((a, b) => b.since - a.since)[0];
  if (newest !== undefined) {
    const { name, status, since } = newest;
    return html`Last change: ${name} ${BECAME[status]} at ${renderTime(since, wallNow)}.`;
  }
  const oldest = Math.min(...runs.map(({ since }) => since));
  return oldest === Infinity ? html`` : html`No change since ${renderTime(oldest, wallNow)}.`;
}

/** Says loudly what the figures below cannot say. Empty while everything is fresh. */
export function renderWarning({ components, wallNow }: PageContent): Html {
  const stale = components.filter(({ state }) => state === 'stale');
  const unread = components.filter(({ state }) => state === 'none');
  return html`${stale.length > 0 ? staleWarning(stale, components.length, wallNow) : undefined}
  ${unread.length > 0 ? unreadWarning(unread, components.length) : undefined}`;
}

function staleWarning(stale: readonly PageComponent[], total: number, wallNow: number): Html {
  const oldest = Math.min(...stale.map(({ readTime }) => readTime ?? wallNow));
  const since = renderTime(oldest, wallNow);
  return html`<p class="banner">
    <strong>Figures are out of date.</strong> ${
      stale.length === total
        ? html`Nothing could be read since ${since}: what you see is from then, and may have changed.`
        : html`Nothing could be read since ${since} about ${namesOf(stale)}.`
    }
  </p>`;
}

function unreadWarning(unread: readonly PageComponent[], total: number): Html {
  // Missing after the start grace: no longer something to wait for.
  const isLate = unread.some(({ health }) => health.status === 'down');
  const about = unread.length === total ? '' : ` about ${namesOf(unread)}`;
  return isLate
    ? html`<p class="banner"><strong>No figures.</strong> Nothing could be read so far${about}.</p>`
    : html`<p class="banner calm">Waiting for the first figures${about}.</p>`;
}

function namesOf(components: readonly PageComponent[]): string {
  return components.map(({ name }) => name).join(', ');
}

/** For the title of the window. */
export function shortState(components: readonly PageComponent[]): string {
  return STATUS_WORDS[overallOf(components)].word;
}
