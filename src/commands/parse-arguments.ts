import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { UsageError } from './usage-error.js';

/** What a command takes beside the program's own `--help`. */
export interface Accepted<Value extends string, Flag extends string> {
  /** Options with a value: `--config FILE`, `--config=FILE`. */
  readonly values: readonly Value[];
  /** Options without. Default: none. */
  readonly flags?: readonly Flag[];
  /** Whether anything else may stand beside them. Default: false. */
  readonly words?: boolean;
}

export interface Arguments<Value extends string, Flag extends string> {
  readonly options: Readonly<Partial<Record<Value, string>>>;
  readonly flags: ReadonlySet<Flag>;
  /** In the order in which they were typed. */
  readonly words: readonly string[];
}

/** @throws UsageError */
export function parseArguments<Value extends string, Flag extends string = never>(
  args: readonly string[],
  { values, flags = [], words = false }: Accepted<Value, Flag>,
): Arguments<Value, Flag> {
  const options: ParseArgsConfig['options'] = {};
  for (const name of values) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean' };
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: words });
    const given = new Map(Object.entries(parsed.values));
    const empty = values.find((name) => given.get(name) === '');
    if (empty !== undefined) throw new UsageError(`option --${empty} needs a value`);
    return {
      options: Object.fromEntries(
        values.flatMap((name) => {
          const value = given.get(name);
          return typeof value === 'string' ? [[name, value] as const] : [];
        }),
      ) as Partial<Record<Value, string>>,
      flags: new Set(flags.filter((name) => given.get(name) === true)),
      words: parsed.positionals,
    };
  } catch (error) {
    if (isRefusal(error)) throw new UsageError(firstSentence(error.message));
    throw error;
  }
}

function isRefusal(error: unknown): error is { message: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}

/** Node explains at length, over several lines. */
function firstSentence(message: string): string {
  const [sentence = message] = message.split(/\.\s|\n/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
