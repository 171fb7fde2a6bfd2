import { printable } from '../printable.js';
import type { Status } from '../health/component-health.js';
import { FIGURE_NAMES } from '../health/figures.js';
import type { FigureName, Figures } from '../health/figures.js';
import { duration } from './quantities.js';

/** One line of the table of the command line. */
export interface TableRow {
  readonly component: string;
  /** `unknown` where there was no answer. */
  readonly status: Status | 'unknown';
  /** Undefined where there was no answer. */
  readonly figures: Figures | undefined;
  readonly detail: string;
}

/** Select Graphic Rendition: green, yellow, red, magenta. */
const COLOURS: Readonly<Record<TableRow['status'], number>> = { up: 32, degraded: 33, down: 31, unknown: 35 };
const GAP = '  ';
const SECONDS = '_seconds';

interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly cell: (row: TableRow) => string;
}

const COLUMNS: readonly Column[] = [
  { head: 'COMPONENT', align: 'left', cell: ({ component }) => component },
  { head: 'STATUS', align: 'left', cell: ({ status }) => status },
  ...FIGURE_NAMES.map((name): Column => ({
    head: headOf(name),
    align: 'right',
    cell: ({ figures }) => figureOf(figures, name),
  })),
  { head: 'DETAIL', align: 'left', cell: ({ detail }) => detail },
];

/** The rows in aligned columns; the word says what a colour says, so that nothing is lost without. */
export function renderTable(rows: readonly TableRow[], { colour }: { readonly colour: boolean }): string {
  const cells = rows.map((row) => COLUMNS.map(({ cell }) => printable(cell(row))));
  const widths = COLUMNS.map(({ head }, index) =>
    Math.max(head.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const lineOf = (line: readonly string[], paint: (text: string, column: number) => string): string =>
    line
      .map((text, column) => {
        const width = widths[column] ?? 0;
        const padded = COLUMNS[column]?.align === 'right' ? text.padStart(width) : text.padEnd(width);
        return paint(padded, column);
      })
      .join(GAP)
      .trimEnd();
  const lines = cells.map((line, index) => {
    const status = rows[index]?.status ?? 'unknown';
    return lineOf(line, (text, column) =>
      colour && COLUMNS[column]?.head === 'STATUS'
        ? `\u001B[${String(COLOURS[status])}m${text}\u001B[0m`
        : text,
    );
  });
  return [
    lineOf(
      COLUMNS.map(({ head }) => head),
      (text) => text,
    ),
    ...lines,
    '',
  ].join('\n');
}

function headOf(name: FigureName): string {
  return name.replace(SECONDS, '').replaceAll('_', ' ').toUpperCase();
}

function figureOf(figures: Figures | undefined, name: FigureName): string {
  if (figures === undefined) return '-';
  return name.endsWith(SECONDS) ? duration(figures[name]) : String(figures[name]);
}
