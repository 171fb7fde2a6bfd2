/**
 * @typedef {{ path: readonly string[], description: string | undefined, default: unknown }} ConfigKey
 * @typedef {{ path: readonly string[], variable: string }} EnvironmentKey
 */

/**
 * The README with the tables that follow from the code made anew.
 *
 * @param {string} readme
 * @param {{ keys: readonly ConfigKey[], environment: readonly EnvironmentKey[] }} code
 */
export function withGeneratedTables(readme, { keys, environment }) {
  const variables = new Map(environment.map(({ path, variable }) => [path.join('.'), variable]));
  return readme.replace(
    /(<!-- configuration[^\n]*-->\n)[^]*(<!-- \/configuration -->)/,
    (_, begin, end) => `${begin}\n${configurationTable(keys, variables)}\n\n${end}`,
  );
}

/** @param {readonly ConfigKey[]} keys @param {ReadonlyMap<string, string>} variables by key path */
function configurationTable(keys, variables) {
  const rows = keys.flatMap(({ path, description, default: value }) => {
    if (description === undefined) return [];
    const key = path.map((step) => (step === '*' ? '…' : step)).join('.');
    const variable = variables.get(path.join('.'));
    const words = [
      description,
      ...(typeof value === 'object' || value === undefined ? [] : [`Default: \`${String(value)}\``]),
      ...(variable === undefined ? [] : [`Environment: \`${variable}\``]),
    ];
    return [`| \`${key}\` | ${words.join('. ')} |`];
  });
  return ['| key | meaning |', '| --- | --- |', ...rows].join('\n');
}
