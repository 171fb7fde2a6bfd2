import { describe, expect, test } from '@jest/globals';
import type { Status } from '../../src/health/component-health.js';
import { worstOf } from '../../src/health/component-health.js';
import { NO_FIGURES } from '../../src/health/figures.js';
import type { PageSummary } from '../../src/render/statuspage.js';
import { summarize } from '../../src/render/statuspage.js';

const TIME = Date.UTC(2026, 0, 1, 0, 0, 0, 7);

function summaryOf(
  statuses: readonly Status[],
  readTimes: readonly (number | undefined)[] = [],
): PageSummary {
  return summarize(
    { title: 'Platform', url: undefined },
    worstOf(statuses),
    statuses.map((status, i) => ({
      id: `c${String(i)}`,
      name: `Component ${String(i)}`,
      health: { status, figures: NO_FIGURES, detail: '' },
      readTime: readTimes[i],
    })),
  );
}

describe('the indicator', () => {
  const rows: [Status[], string, string][] = [
    [['up', 'up'], 'none', 'All Systems Operational'],
    [['up', 'degraded'], 'minor', 'Partially Degraded Service'],
    [['degraded', 'degraded'], 'minor', 'Partially Degraded Service'],
    [['up', 'down'], 'major', 'Partial System Outage'],
    [['degraded', 'down'], 'major', 'Partial System Outage'],
    [['down', 'down'], 'critical', 'Major System Outage'],
    [['down'], 'critical', 'Major System Outage'],
  ];
  test.each(rows)('of %p is %s', (statuses, indicator, description) => {
    expect(summaryOf(statuses).status).toEqual({ indicator, description });
  });
});

test('components have the words of status pages, in their order', () => {
  expect(summaryOf(['down', 'up', 'degraded'], [TIME]).components).toEqual([
    { id: 'c0', name: 'Component 0', status: 'major_outage', updated_at: '2026-01-01T00:00:00.007Z' },
    { id: 'c1', name: 'Component 1', status: 'operational' },
    { id: 'c2', name: 'Component 2', status: 'degraded_performance' },
  ]);
});

test('the page tells the oldest time, and none until every component has one', () => {
  const page = { id: 'jetstream-status', name: 'Platform' };
  expect(summaryOf(['up', 'up'], [TIME + 5000, TIME]).page).toEqual({
    ...page,
    updated_at: '2026-01-01T00:00:00.007Z',
  });
  expect(summaryOf(['up', 'up'], [TIME, undefined]).page).toEqual(page);
});

test('the page has an address when one is configured', () => {
  const identity = { title: 'Platform', url: 'https://status.example.com' };
  expect(summarize(identity, 'up', []).page).toEqual({
    id: 'jetstream-status',
    name: 'Platform',
    url: 'https://status.example.com',
  });
});
