import { healthAt } from '../../health/snapshot.js';
import type { PageComponent, PageContent } from '../../render/page-content.js';
import { renderPage } from '../../render/page-document.js';
import { spanOf } from '../../render/timeline.js';
import type { History } from '../../snapshots/history.js';
import type { Route } from '../app.js';
import { bodyHeaders } from '../headers.js';
import { PAGE_HEADERS } from '../page-headers.js';
import type { Responder } from '../responder.js';
import type { StatusDeps } from '../view-responders.js';
import { pageFileRoutes } from './page-files.js';

export interface PageDeps extends StatusDeps {
  readonly history: Pick<History, 'samples'>;
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
  const { components, store, history, ageLimits, since } = deps;
  const entries = components.map(({ id, name }) => {
    const snapshot = store.latest(id);
    const { health, state, changesAt } = healthAt(snapshot, now, ageLimits, since(id));
    const readTime = snapshot === undefined ? undefined : snapshot.readTime / 1000;
    const offset = snapshot === undefined ? undefined : snapshot.readTime - snapshot.readAt;
    return { id, name, health, state, readTime, rounds: history.samples(id), changesAt, offset };
  });
  const body = renderPage(contentOf(entries, deps, now));
  return {
    body: Buffer.from(body),
    headers: [...bodyHeaders(HTML_TYPE, body), ...PAGE_HEADERS],
    changesAt: Math.min(...entries.map(({ changesAt }) => changesAt)),
  };
}

function contentOf(
  components: readonly (PageComponent & { readonly offset: number | undefined })[],
  { title, ageLimits, keepMs, everyMs }: PageDeps,
  now: number,
): PageContent {
  const oldest = Math.min(...components.flatMap(({ rounds }) => rounds[0]?.readAt ?? []));
  const offset = Math.max(0, ...components.flatMap((component) => component.offset ?? []));
  return {
    title,
    components,
    span: oldest === Infinity ? undefined : spanOf(oldest, now / 1000, keepMs / 1000),
    staleAfterSeconds: ageLimits.staleAfterMs / 1000,
    refreshSeconds: Math.min(REFRESH_SECONDS.most, Math.max(REFRESH_SECONDS.least, everyMs / 1000)),
    now: now / 1000,
    wallNow: (now + offset) / 1000,
  };
}
