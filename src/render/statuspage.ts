import type { Status } from '../health/component-health.js';
import type { PageSummaryBody } from './shapes.js';
import type { ComponentEntry } from './status-json.js';

export interface PageIdentity {
  readonly title: string;
  readonly url: string | undefined;
}

export type PageSummary = PageSummaryBody;

/** Tools tell pages apart by their address; this one only has to stay what it is. */
const PAGE_ID = 'jetstream-status';

const COMPONENT_STATUS = {
  up: 'operational',
  degraded: 'degraded_performance',
  down: 'major_outage',
} as const satisfies Record<Status, string>;

const PAGE_STATUS = {
  up: { indicator: 'none', description: 'All Systems Operational' },
  degraded: { indicator: 'minor', description: 'Partially Degraded Service' },
  down: { indicator: 'major', description: 'Partial System Outage' },
} as const satisfies Record<Status, object>;

const ALL_DOWN = { indicator: 'critical', description: 'Major System Outage' } as const;

/** The health of all components in the words of public status pages. */
export function summarize(
  identity: PageIdentity,
  overall: Status,
  entries: readonly ComponentEntry[],
): PageSummary {
  const isAllDown = entries.length > 0 && entries.every(({ health }) => health.status === 'down');
  return {
    page: {
      id: PAGE_ID,
      name: identity.title,
      ...(identity.url === undefined ? {} : { url: identity.url }),
      ...updatedAt(oldestReadTime(entries)),
    },
    status: isAllDown ? ALL_DOWN : PAGE_STATUS[overall],
    components: entries.map(({ id, name, health, readTime }) => ({
      id,
      name,
      status: COMPONENT_STATUS[health.status],
      ...updatedAt(readTime),
    })),
  };
}

function updatedAt(readTime: number | undefined): { updated_at?: string } {
  return readTime === undefined ? {} : { updated_at: new Date(readTime).toISOString() };
}

/** Undefined as long as one is missing: a time of some of them would pass for the time of all. */
function oldestReadTime(entries: readonly ComponentEntry[]): number | undefined {
  let oldest: number | undefined;
  for (const { readTime } of entries) {
    if (readTime === undefined) return undefined;
    oldest = Math.min(oldest ?? Infinity, readTime);
  }
  return oldest;
}
