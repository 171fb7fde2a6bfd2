import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../run.mjs';

/** @param {readonly number[]} values @returns {number} */
export function median(values) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/**
 * What was measured against what, as a ratio that is to be at most the goal. Of interleaved rounds the median, with
 * the least and the largest.
 *
 * @param {readonly number[]} values @param {number} [goal]
 */
export function judged(values, goal) {
  const value = median(values);
  return {
    value,
    least: Math.min(...values),
    largest: Math.max(...values),
    goal,
    met: goal === undefined ? undefined : value <= goal,
  };
}

/** @param {ReturnType<typeof judged>} judgement @param {(value: number) => string} [format] */
export function judgementCells({ value, least, largest, goal, met }, format = (number) => number.toFixed(2)) {
  const spread = least === largest ? '' : ` (${format(least)}-${format(largest)})`;
  return [
    `${format(value)}${spread}`,
    goal === undefined ? '' : `<= ${String(goal)}`,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

/**
 * Rows as a table of even columns; numbers to the right.
 *
 * @param {readonly string[]} head @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return /^[\d.-]+$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** @param {string} name @param {object} results */
export async function writeResults(name, results) {
  const path = join(ROOT, '.cache', 'bench', `${name}.json`);
  await mkdir(dirname(path), { recursive: true });
  const machine = { node: process.version, cores: cpus().length, model: cpus()[0]?.model ?? '' };
  await writeFile(
    path,
    `${JSON.stringify({ at: new Date().toISOString(), machine, ...results }, null, 2)}\n`,
  );
  process.stdout.write(`\nwritten to ${relative(process.cwd(), path)}\n`);
}
