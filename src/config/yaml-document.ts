import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Pair, YAMLError } from 'yaml';
import { ConfigError } from './config-error.js';
import type { ConfigProblem } from './config-error.js';

/** A parsed YAML text that still knows where things stand in it. */
export interface YamlDocument {
  readonly value: unknown;
  /** 1-based; of the nearest group that exists when there is no such key. Undefined for the document itself. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
  /** The keys of a group as they follow each other in the text. */
  keysOf(path: readonly PropertyKey[]): readonly string[];
}

/** Own words: those of the parser may quote the text, which may be a password. */
const WORDS: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'is indented differently from the lines it belongs to',
  BAD_SCALAR_START: 'has a value that begins with a reserved character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'has ": " where no key can stand; put the value in quotes, or mend the indentation',
  DUPLICATE_KEY: 'is set twice',
  MISSING_CHAR: 'lacks a closing quote, bracket, comma or colon',
  MULTILINE_IMPLICIT_KEY: 'is no "key: value" line; is the colon or the space after it missing?',
  MULTIPLE_DOCS: 'begins a second document; only one is read',
  TAB_AS_INDENT: 'is indented with a tab; YAML wants spaces',
  TAG_RESOLVE_FAILED: 'has an unknown tag (!...); put text that begins with "!" in quotes',
};
const NOT_YAML = 'is not valid YAML';
const NO_ANCHOR = 'has an alias without its anchor; put text that begins with "*" in quotes';
const TOO_MANY_ALIASES = 'is not valid: its aliases stand for too much text or for themselves';

/**
 * @param name how messages call the file
 * @throws ConfigError when it is no YAML
 */
export function parseYamlDocument(text: string, name: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const lineAt = (offset: number): number => lines.linePos(offset).line;

  const problems: ConfigProblem[] = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    where: `${name}:${String(lineAt(pos[0]))}`,
    key: code === 'DUPLICATE_KEY' ? keyAt(document, pos[0]) : undefined,
    text: WORDS[code] ?? NOT_YAML,
  }));
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      problems.push({
        where: `${name}:${String(lineAt(alias.range?.[0] ?? 0))}`,
        key: undefined,
        text: NO_ANCHOR,
      });
    },
    Pair(_, pair) {
      // Dropped silently by everything that copies objects.
      if (keyOf(pair) !== '__proto__') return;
      problems.push({
        where: `${name}:${String(lineAt(startOf(pair.key) ?? 0))}`,
        key: '__proto__',
        text: 'unknown key',
      });
    },
  });
  if (problems.length > 0) throw new ConfigError(problems);

  return {
    value: valueOf(document, name),
    lineOf(path) {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
    keysOf(path) {
      const node = path.reduce<unknown>(
        (parent, step) => childOf(document, parent, step)?.value,
        document.contents,
      );
      const group = resolved(document, node);
      return isMap(group) ? group.items.map(keyOf) : [];
    },
  };
}

function valueOf(document: Document, name: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch {
    throw new ConfigError([{ where: name, key: undefined, text: TOO_MANY_ALIASES }]);
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    const child = childOf(document, node, step);
    if (child === undefined) break;
    offset = startOf(child.at) ?? offset;
    node = child.value;
  }
  return offset;
}

/** @returns the node that names the child (its key, or itself in a list), and the child */
function childOf(
  document: Document,
  parent: unknown,
  step: PropertyKey,
): { at: unknown; value: unknown } | undefined {
  const group = resolved(document, parent);
  if (isSeq(group)) {
    const item = group.items[Number(step)];
    return item === undefined ? undefined : { at: item, value: item };
  }
  const pair = isMap(group) ? group.items.find((item) => keyOf(item) === String(step)) : undefined;
  return pair && { at: pair.key, value: pair.value };
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** The path of the key that begins at an offset. */
function keyAt(document: Document, offset: number): string | undefined {
  let found: string | undefined;
  visit(document, {
    Pair(_, pair, ancestors) {
      if (startOf(pair.key) !== offset) return undefined;
      found = [...ancestors.filter((node) => isPair(node)), pair].map(keyOf).join('.');
      return visit.BREAK;
    },
  });
  return found;
}
