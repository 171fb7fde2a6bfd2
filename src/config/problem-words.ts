import type * as z from 'zod';
import type { ConfigProblem } from './config-error.js';
import { nearestWord } from './nearest-word.js';
import { isGroup } from './relations.js';
import type { ConfigKey } from './schema-keys.js';
import { configKeys, isSamePath } from './schema-keys.js';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

const MAX_SHOWN = 60;

export interface WordingOptions {
  /** The configuration that was refused. */
  readonly raw: unknown;
  readonly whereIs: (path: Path) => string;
}

/** What the schema found, in words for people who know neither the schema nor the code. */
export function problemsOf(issues: readonly Issue[], { raw, whereIs }: WordingOptions): ConfigProblem[] {
  const keys = configKeys();
  return issues
    .flatMap((issue) => wordsFor(issue, raw, keys))
    .map(({ path, text }) => ({ where: whereIs(path), key: pathText(path), text }));
}

function wordsFor(issue: Issue, raw: unknown, keys: readonly ConfigKey[]): { path: Path; text: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], text: unknownKey(issue.path, key, keys) }));
  }
  const value = issue.path.reduce<unknown>(childOf, raw);
  if (value === undefined)
    return [{ path: issue.path, text: issue.code === 'custom' ? issue.message : 'is missing' }];
  if (value === null) return [{ path: issue.path, text: 'has no value' }];
  const text = issue.code === 'invalid_type' ? mustBe(issue) : issue.message;
  const isSecret = keys.some(({ path, secret }) => secret && isSamePath(path, issue.path));
  return [{ path: issue.path, text: isSecret ? text : `${text}${got(value, issue)}` }];
}

/** Leaves say themselves what they must be; groups do not. */
function mustBe(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  if (issue.path.length === 0) return 'the file must be a group of keys such as "components:"';
  return issue.expected === 'object' || issue.expected === 'record'
    ? 'must be a group of keys'
    : issue.message;
}

function got(value: unknown, issue: Issue): string {
  // Text in the place of a group may be anything, also a password behind a colon without a space.
  const isPlaceOfGroup = issue.code === 'invalid_type' && /^(object|record|array)$/.test(issue.expected);
  if (typeof value === 'string')
    return isPlaceOfGroup ? '; got text' : `; got ${shortened(JSON.stringify(value))}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `; got ${String(value)}`;
  if (issue.code !== 'invalid_type') return '';
  return Array.isArray(value) ? '; got a list' : '; got a group of keys';
}

/** @param group path of the group that holds the key */
function unknownKey(group: Path, key: string, keys: readonly ConfigKey[]): string {
  const valid = keys
    .filter(({ path }) => isSamePath(path.slice(0, -1), group))
    .map(({ path }) => path.at(-1) ?? '');
  const elsewhere = keys.find(({ path }) => path.at(-1) === key && !path.includes('*'))?.path.join('.');
  const near = nearestWord(key, valid);
  const suggestion = near === undefined ? elsewhere : pathText([...group, near]);
  return suggestion === undefined
    ? `unknown key; valid here: ${valid.join(', ')}`
    : `unknown key; did you mean ${suggestion}?`;
}

/** `components.infra.consumers[0].stream`; undefined for the whole file. */
function pathText(path: Path): string | undefined {
  return path.length === 0 ? undefined : path.reduce<string>(joined, '');
}

function joined(text: string, step: PropertyKey): string {
  if (typeof step === 'number') return `${text}[${String(step)}]`;
  const name = /^[\w-]{1,60}$/.test(String(step)) ? String(step) : shortened(JSON.stringify(String(step)));
  return text === '' ? name : `${text}.${name}`;
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
}

function childOf(parent: unknown, step: PropertyKey): unknown {
  if (Array.isArray(parent)) return parent[Number(step)];
  return isGroup(parent) && Object.hasOwn(parent, step) ? parent[String(step)] : undefined;
}
