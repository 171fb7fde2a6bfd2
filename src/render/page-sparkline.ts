import type { FigureName } from '../health/figures.js';
import { FIGURE_NAMES } from '../health/figures.js';
import type { Html } from './html.js';
import { html } from './html.js';
import { FIGURE_WORDS } from './page-words.js';
import { duration } from './quantities.js';
import type { Past, Span } from './past.js';
import { PARTS } from './past.js';

const WIDTH = PARTS - 1;
const HEIGHT = 48;
/** Room for half of the line's width above and below. */
const MARGIN = 2;

/** The past of one figure as a line from 0 to its highest value; it breaks where nothing was known. */
export function renderSparkline(name: FigureName, { parts }: Past, span: Span): Html {
  const column = FIGURE_NAMES.indexOf(name);
  const values = parts.map((part) => part?.values[column]);
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return html``;
  const lines = linesThrough(values, Math.max(1, ...known));
  const label = `${FIGURE_WORDS[name].label}, last ${duration(span.to - span.from)}`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img">
    <title>${label}: ${range(name, known)}</title>
    <path class="area" d="${lines.map(areaUnder).join('')}" />
    <path class="line" d="${lines.map(lineThrough).join('')}" vector-effect="non-scaling-stroke" />
  </svg>`;
}

function range(name: FigureName, values: readonly number[]): string {
  const { say } = FIGURE_WORDS[name];
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  return lowest === highest ? `always ${say(lowest)}` : `between ${say(lowest)} and ${say(highest)}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function linesThrough(values: readonly (number | undefined)[], highest: number): Point[][] {
  const lines: Point[][] = [];
  let line: Point[] | undefined;
  values.forEach((value, index) => {
    if (value === undefined) {
      line = undefined;
      return;
    }
    if (line === undefined) lines.push((line = []));
    const y = Math.round(HEIGHT - MARGIN - (value / highest) * (HEIGHT - 2 * MARGIN));
    // Where it stays level, the end is enough.
    if (line.at(-1)?.y === y && line.at(-2)?.y === y) line.pop();
    line.push({ x: index, y });
  });
  return lines;
}

/** A single point becomes a dash, which would not be seen otherwise. */
function lineThrough(line: readonly Point[]): string {
  const [first, ...rest] = line;
  if (first === undefined) return '';
  const onwards = rest.length === 0 ? 'h1' : rest.map(({ x, y }) => `L${String(x)} ${String(y)}`).join('');
  return `M${String(first.x)} ${String(first.y)}${onwards}`;
}

function areaUnder(line: readonly Point[]): string {
  const [first] = line;
  const last = line.at(-1);
  if (first === undefined || last === undefined || line.length === 1) return '';
  return `${lineThrough(line)}V${String(HEIGHT)}H${String(first.x)}Z`;
}
