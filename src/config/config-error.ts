/** One thing that is wrong with the configuration. Holds no secret: passwords, tokens and URLs are never quoted. */
export interface ConfigProblem {
  /** `config/prod.yaml:12`, `environment variable PORT`, `NATS context "prod"`. */
  readonly where: string;
  /** Key path such as `poll.every`; undefined when the problem is not about one key. */
  readonly key: string | undefined;
  /** What is wrong and what would be right. */
  readonly text: string;
}

/** A configuration that is refused, with everything that is wrong with it; the message holds one problem a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const byPlace = [...problems].sort((a, b) => a.where.localeCompare(b.where, 'en', { numeric: true }));
    super([...new Set(byPlace.map(lineOf))].join('\n'));
    this.problems = byPlace;
  }
}

function lineOf({ where, key, text }: ConfigProblem): string {
  return key === undefined ? `${where}: ${text}` : `${where}: ${key}: ${text}`;
}
