import { pageComponentsOnly, pageStatusOnly, pageSummary } from '../../render/shapes.js';
import type { PageIdentity, PageSummary } from '../../render/statuspage.js';
import { summarize } from '../../render/statuspage.js';
import { JSON_TYPE } from '../headers.js';
import type { PlatformView } from '../views.js';

/** The three documents that tools for status pages ask for; each is a part of the first. */
const DOCUMENTS: readonly Document[] = [
  {
    path: '/api/v2/summary.json',
    summary: 'The health of all components in the shape of public status pages',
    shape: pageSummary,
    select: (summary) => summary,
  },
  {
    path: '/api/v2/status.json',
    summary: 'The same shape without the components',
    shape: pageStatusOnly,
    select: ({ page, status }) => ({ page, status }),
  },
  {
    path: '/api/v2/components.json',
    summary: 'The same shape with the components alone',
    shape: pageComponentsOnly,
    select: ({ page, components }) => ({ page, components }),
  },
];

interface Document extends Pick<PlatformView, 'path' | 'summary' | 'shape'> {
  readonly select: (summary: PageSummary) => object;
}

export function statuspageViews(identity: PageIdentity): PlatformView[] {
  return DOCUMENTS.map(({ select, ...view }) => ({
    ...view,
    type: JSON_TYPE,
    obeysStrict: false,
    render: (overall, entries) => JSON.stringify(select(summarize(identity, overall, entries))),
  }));
}
