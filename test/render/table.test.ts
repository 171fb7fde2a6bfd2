import { expect, test } from '@jest/globals';
import { renderTable } from '../../src/render/table.js';
import type { TableRow } from '../../src/render/table.js';

const ESCAPE = '\u001B';
const ROWS: readonly TableRow[] = [
  {
    component: 'infra',
    status: 'up',
    figures: { live_pullers: 3, backlog: 0, in_flight: 0, oldest_unacked_seconds: 0 },
    detail: '',
  },
  {
    component: 'datastores',
    status: 'degraded',
    figures: { live_pullers: 12, backlog: 1420, in_flight: 8, oldest_unacked_seconds: 95 },
    detail: 'backlog above warning threshold',
  },
  { component: 'ghost', status: 'unknown', figures: undefined, detail: 'there is no such component' },
];

test('columns are aligned, and nothing hangs over at the end of a line', () => {
  expect(renderTable(ROWS, { colour: false })).toBe(`\
COMPONENT   STATUS    LIVE PULLERS  BACKLOG  IN FLIGHT  OLDEST UNACKED  DETAIL
infra       up                   3        0          0             0 s
datastores  degraded            12     1420          8      1 min 35 s  backlog above warning threshold
ghost       unknown              -        -          -               -  there is no such component
`);
});

test('colour changes nothing but the colour', () => {
  const plain = renderTable(ROWS, { colour: false });
  const coloured = renderTable(ROWS, { colour: true });
  expect(coloured.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(plain);
  expect(coloured).toContain('\u001B[32mup      \u001B[0m');
  expect(coloured).toContain('\u001B[33mdegraded\u001B[0m');
});

test('nothing that a server sends steers the terminal', () => {
  const [row] = ROWS;
  const text = renderTable(row === undefined ? [] : [{ ...row, component: '\u001B[2J', detail: 'a\r\nb' }], {
    colour: false,
  });
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text.split('\n')).toHaveLength(3);
});
