import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

/**
 * Reads options that take a value (`--config FILE`, `--config=FILE`); nothing else may stand beside them.
 *
 * @throws UsageError
 */
export function parseOptions<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options });
    const empty = names.find((name) => values[name] === '');
    if (empty !== undefined) throw new UsageError(`option --${empty} needs a value`);
    return values as Partial<Record<Name, string>>;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(firstSentence(error.message));
    throw error;
  }
}

/** Node explains at length, over several lines. */
function firstSentence(message: string): string {
  const [sentence = message] = message.split(/\.\s|\n/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
