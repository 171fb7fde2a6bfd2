import type { PageIdentity, PageSummary } from '../../render/statuspage.js';
import { summarize } from '../../render/statuspage.js';
import { JSON_TYPE } from '../headers.js';
import type { PlatformView } from '../views.js';

/** The three documents that tools for status pages ask for; each is a part of the first. */
const DOCUMENTS: Readonly<Record<string, (summary: PageSummary) => object>> = {
  summary: (summary) => summary,
  status: ({ page, status }) => ({ page, status }),
  components: ({ page, components }) => ({ page, components }),
};

export function statuspageViews(identity: PageIdentity): PlatformView[] {
  return Object.entries(DOCUMENTS).map(([name, select]) => ({
    path: `/api/v2/${name}.json`,
    type: JSON_TYPE,
    obeysStrict: false,
    render: (overall, entries) => JSON.stringify(select(summarize(identity, overall, entries))),
  }));
}
