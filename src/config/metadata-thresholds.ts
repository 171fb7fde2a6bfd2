import type { ConsumerReading } from '../health/consumer-reading.js';
import type { Level, Limit, LimitKey } from '../health/thresholds.js';
import { LEVELS } from '../health/thresholds.js';
import { parseDuration } from './duration.js';

/** What a consumer carries of its own accord (server 2.10 and later); undefined when there is nothing. */
export type Metadata = ConsumerReading['metadata'];

/** Limits that consumers declare for themselves. */
export type MetadataThresholds = Readonly<
  Partial<Record<LimitKey, Readonly<Partial<Record<Level, Pick<Limit, 'value' | 'inclusive'>>>>>>
>;

/** A key of a consumer's metadata that has no effect, and why. */
export interface MetadataProblem {
  readonly key: string;
  readonly problem: string;
}

const PREFIX = 'jetstream-status.';
const COMPONENT_KEY = `${PREFIX}component`;

interface Value {
  readonly parse: (text: string) => number | undefined;
  readonly mustBe: string;
}

const count: Value = { parse: parseCount, mustBe: 'must be a whole number of 0 or more' };
const seconds: Value = { parse: parseSeconds, mustBe: 'must be whole seconds, such as 60s, 5m or 1h' };

/** How metadata writes a limit of each figure. */
const VALUES = { backlog: count, in_flight: count, oldest_unacked: seconds } as const satisfies Record<
  LimitKey,
  Value
>;

/** One key of metadata that declares a limit. Of two that declare the same one the first that is valid counts. */
interface LimitEntry extends Value {
  readonly key: string;
  readonly limit: LimitKey;
  readonly level: Level;
  readonly inclusive: boolean;
  /** The values with which the key says nothing. */
  readonly isOff: (value: number) => boolean;
}

const OWN_KEYS: readonly LimitEntry[] = (Object.keys(VALUES) as LimitKey[]).flatMap((limit) =>
  LEVELS.map((level) => ({
    ...VALUES[limit],
    key: `${PREFIX}${limit.replaceAll('_', '-')}-${level}`,
    limit,
    level,
    inclusive: false,
    isOff: () => false,
  })),
);

/**
 * The keys that the NATS project's own `nats server check consumer` reads, and as it reads them: critical at the
 * value, none at 0 or below, nothing at all while `enabled` is false (jsm.go, `monitor/consumer_health.go`).
 */
const MONITOR_ENABLED = 'io.nats.monitor.enabled';
const MONITOR_KEYS: readonly LimitEntry[] = (
  [
    ['io.nats.monitor.unprocessed-critical', 'backlog'],
    ['io.nats.monitor.outstanding-ack-critical', 'in_flight'],
  ] as const
).map(([key, limit]) => ({
  key,
  limit,
  level: 'critical',
  inclusive: true,
  parse: parseInteger,
  mustBe: 'must be a whole number',
  isOff: (value) => value <= 0,
}));

/** The limits that a consumer's metadata declares; what is not valid counts as not there. Never throws. */
export function metadataThresholds(metadata: Metadata): MetadataThresholds {
  if (metadata === undefined) return {};
  const thresholds: { -readonly [Key in keyof MetadataThresholds]: MetadataThresholds[Key] } = {};
  for (const { key, limit, level, inclusive, parse, isOff } of keysInForce(metadata)) {
    const text = metadata[key];
    const value = text === undefined ? undefined : parse(text);
    if (value === undefined || isOff(value) || thresholds[limit]?.[level] !== undefined) continue;
    thresholds[limit] = { ...thresholds[limit], [level]: { value, inclusive } };
  }
  return thresholds;
}

/** The id of the component that a consumer says it belongs to. */
export function componentIn(metadata: Metadata): string | undefined {
  return metadata?.[COMPONENT_KEY];
}

/** What in a consumer's metadata looks as if it were meant for us and is not understood. */
export function metadataProblems(metadata: Metadata): MetadataProblem[] {
  if (metadata === undefined) return [];
  const known = new Map([...OWN_KEYS, ...MONITOR_KEYS].map((entry) => [entry.key, entry]));
  return Object.entries(metadata).flatMap(([key, text]) => {
    const entry = known.get(key);
    if (entry !== undefined) return entry.parse(text) === undefined ? [{ key, problem: entry.mustBe }] : [];
    return key.startsWith(PREFIX) && key !== COMPONENT_KEY ? [{ key, problem: 'unknown key' }] : [];
  });
}

function keysInForce(metadata: NonNullable<Metadata>): readonly LimitEntry[] {
  // The spellings of false that Go's ParseBool knows.
  const isDisabled = /^(0|f|F|false|FALSE|False)$/.test(metadata[MONITOR_ENABLED] ?? '');
  return isDisabled ? OWN_KEYS : [...OWN_KEYS, ...MONITOR_KEYS];
}

function parseCount(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseInteger(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseSeconds(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined || ms % 1000 !== 0 ? undefined : ms / 1000;
}
