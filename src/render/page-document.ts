import { html } from './html.js';
import { renderComponent } from './page-component.js';
import type { PageContent } from './page-content.js';
import { faviconUrl, renderIconShapes } from './page-icons.js';
import { overallOf, renderOverall, renderWarning, shortState } from './page-overall.js';
import { renderBarAlone } from './page-strip.js';

/**
 * The status page: whole, and readable without its script and its style sheet. Both are files of their own, because
 * the content security policy of the page allows nothing inline.
 */
export function renderPage(page: PageContent): string {
  const { title, components } = page;
  return html`<!doctype html>
    <html lang="en" data-refresh-seconds="${page.refreshSeconds}">
      <head>
        <meta charset="utf-8" />
        <title data-live="title">${shortState(components)} · ${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${title}: is the work being processed?" />
        <link rel="icon" href="${faviconUrl(overallOf(components))}" data-live="icon" />
        <link rel="stylesheet" href="/page.css" />
        <link rel="alternate" type="application/json" href="/api/v2/status" />
        <script type="module" src="/page.js"></script>
      </head>
      <body>
        ${renderIconShapes()}
        <a class="skip" href="#components">Skip to the components</a>
        <header class="top">
          <h1>${title}</h1>
          <p class="connection" id="connection">Reload for newer figures</p>
        </header>
        <main id="page">
          <div id="lost" role="alert"></div>
          <div class="warning" role="alert" data-live="warning">${renderWarning(page)}</div>
          ${renderOverall(page)}
          <section id="components" tabindex="-1" aria-label="Components">
            ${components.map((component) => renderComponent(component, page))}
          </section>
        </main>
        <footer class="bottom">
          <p class="legend">
            <span>${renderBarAlone('up')} up</span>
            <span>${renderBarAlone('degraded')} degraded</span>
            <span>${renderBarAlone('down')} down</span>
            <span>${renderBarAlone('nothing')} no figures</span>
          </p>
          <p><a href="/api/v2/status">Everything as JSON</a></p>
        </footer>
        <p class="unseen" id="announcer" role="status"></p>
      </body>
    </html> `.text;
}
