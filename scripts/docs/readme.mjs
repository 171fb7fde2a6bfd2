/**
 * @typedef {{ path: readonly string[], description: string | undefined, default: unknown }} ConfigKey
 * @typedef {{ path: readonly string[], variable: string }} EnvironmentKey
 * @typedef {{ name: string, help: string, labels: readonly string[] }} Metric
 */

/**
 * What the code says, to be told in tables.
 *
 * @typedef {object} Code
 * @property {readonly ConfigKey[]} keys
 * @property {readonly EnvironmentKey[]} environment
 * @property {import('./api.mjs').ApiDocument} api
 * @property {Readonly<Record<string, { meaning: string }>>} figures
 * @property {readonly Metric[]} metrics
 */

/** By the name in the comments around it. @type {Readonly<Record<string, (code: Code) => string>>} */
const TABLES = {
  paths: ({ api }) =>
    table(
      ['path', 'answer'],
      Object.entries(api.paths).map(([path, { get }]) => [`\`${path}\``, get.summary]),
    ),
  figures: ({ figures }) =>
    table(
      ['key', 'meaning'],
      [
        ...Object.entries(figures).map(([key, { meaning }]) => [`\`${key}\``, meaning]),
        ['`detail`', 'Why, in fixed sentences; never a name of a stream, consumer or server'],
      ],
    ),
  metrics: ({ metrics }) =>
    table(
      ['metric', 'meaning'],
      metrics.map(({ name, help, labels }) => [
        `\`${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`}\``,
        help,
      ]),
    ),
  configuration: configurationTable,
};

/**
 * The README with the tables that follow from the code made anew.
 *
 * @param {string} readme
 * @param {Code} code
 */
export function withGeneratedTables(readme, code) {
  return Object.entries(TABLES).reduce(
    (text, [name, render]) =>
      text.replace(
        new RegExp(`(<!-- ${name}[^\\n]*-->\\n)[^]*(<!-- /${name} -->)`),
        (_, begin, end) => `${begin}\n${render(code)}\n\n${end}`,
      ),
    readme,
  );
}

/** @param {Code} code */
function configurationTable({ keys, environment }) {
  const variables = new Map(environment.map(({ path, variable }) => [path.join('.'), variable]));
  const rows = keys.flatMap(({ path, description, default: value }) => {
    if (description === undefined) return [];
    const key = path.map((step) => (step === '*' ? '…' : step)).join('.');
    const variable = variables.get(path.join('.'));
    const words = [
      description,
      ...(typeof value === 'object' || value === undefined ? [] : [`Default: \`${String(value)}\``]),
      ...(variable === undefined ? [] : [`Environment: \`${variable}\``]),
    ];
    return [[`\`${key}\``, words.join('. ')]];
  });
  return table(['key', 'meaning'], rows);
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
