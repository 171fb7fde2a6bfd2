import type { FigureName } from '../../health/figures.js';
import { healthAt } from '../../health/snapshot.js';
import type { PageComponent } from '../../render/page-content.js';
import { renderPage } from '../../render/page-document.js';
import { FIGURE_WORDS } from '../../render/page-words.js';
import type { Span } from '../../render/past.js';
import { pastOf, spanOf } from '../../render/past.js';
import type { History } from '../../snapshots/history.js';
import type { Route } from '../app.js';
import { bodyHeaders } from '../headers.js';
import { PAGE_HEADERS } from '../page-headers.js';
import type { Responder } from '../responder.js';
import type { StatusDeps } from '../view-responders.js';
import { pageFileRoutes } from './page-files.js';

export interface PageDeps extends StatusDeps {
  readonly history: Pick<History, 'visit' | 'oldest'>;
  /** How far back the history goes, ms. */
  readonly keepMs: number;
  /** Poll interval, ms. */
  readonly everyMs: number;
  readonly title: string;
}

export interface Page {
  readonly routes: readonly Route[];
  /** The page itself by its exact path, for the hot path. */
  readonly hot: readonly (readonly [path: string, respond: Responder])[];
  /** Stops listening to the store. */
  dispose(): void;
}

const PATH = '/';
const HTML_TYPE = 'text/html; charset=utf-8';
/** The script asks for the page once per round, within these limits. */
const REFRESH_SECONDS = { least: 5, most: 30 };

/** The status page with its files. It is made once per snapshot and step of the age ladder, when somebody asks. */
export function createPage(deps: PageDeps): Page {
  let prepared: PreparedPage | undefined;
  const unsubscribe = deps.store.subscribe(() => {
    prepared = undefined;
  });
  const respond: Responder = (req, res) => {
    const now = deps.clock.now();
    if (prepared === undefined || now >= prepared.changesAt) prepared = preparePage(deps, now);
    res.writeHead(200, prepared.headers);
    res.end(req.method === 'HEAD' ? undefined : prepared.body);
  };
  const page: Route = {
    path: PATH,
    operation: { summary: 'The status page for people', type: HTML_TYPE },
    find: () => respond,
  };
  return { routes: [page, ...pageFileRoutes()], hot: [[PATH, respond]], dispose: unsubscribe };
}

interface PreparedPage {
  /** Bytes and no text: to encode so much of it again for each request costs more than all the rest. */
  readonly body: Buffer;
  readonly headers: string[];
  /** Monotonic ms from which on it must be made anew. */
  readonly changesAt: number;
}

function preparePage(deps: PageDeps, now: number): PreparedPage {
  const { components, store, ageLimits, since, title, everyMs } = deps;
  const span = shownSpan(deps, now);
  const staleAfterSeconds = ageLimits.staleAfterMs / 1000;
  // On the wall clock that the snapshots' times are from.
  let wallNow = 0;
  let changesAt = Infinity;
  const shown = components.map(({ id, name }): PageComponent => {
    const snapshot = store.latest(id);
    const { health, state, ...aged } = healthAt(snapshot, now, ageLimits, since(id));
    changesAt = Math.min(changesAt, aged.changesAt);
    const past = span && pastOf(lookAt(deps.history, id), { span, staleAfterSeconds, telling });
    if (snapshot === undefined) return { id, name, health, state, past, readTime: undefined };
    wallNow = Math.max(wallNow, snapshot.readTime + now - snapshot.readAt);
    return { id, name, health, state, past, readTime: snapshot.readTime / 1000 };
  });
  const body = renderPage({
    title,
    components: shown,
    span,
    refreshSeconds: Math.min(REFRESH_SECONDS.most, Math.max(REFRESH_SECONDS.least, everyMs / 1000)),
    wallNow: wallNow / 1000,
  });
  return {
    body: Buffer.from(body),
    headers: [...bodyHeaders(HTML_TYPE, body), ...PAGE_HEADERS],
    changesAt,
  };
}

/** The same for all components; undefined as long as there is no history, or when none is kept. */
function shownSpan({ components, history, keepMs }: PageDeps, now: number): Span | undefined {
  const oldest = Math.min(...components.map(({ id }) => history.oldest(id)?.readAt ?? Infinity));
  return oldest === Infinity ? undefined : spanOf(oldest, now / 1000, keepMs / 1000);
}

function lookAt(history: PageDeps['history'], id: string): Parameters<typeof pastOf>[0] {
  return (look) => {
    history.visit(id, look);
  };
}

function telling(name: FigureName): 'highest' | 'lowest' {
  return FIGURE_WORDS[name].telling;
}
