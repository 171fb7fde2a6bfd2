import { isComponentId } from './component-id.js';
import { componentIn } from './metadata-thresholds.js';
import type { Metadata } from './metadata-thresholds.js';
import { isNatsName } from './nats-names.js';

export interface FoundStream {
  readonly stream: string;
  readonly consumers: readonly {
    readonly consumer: string;
    readonly isDurable: boolean;
    readonly metadata: Metadata;
  }[];
}

/** A component that a person would probably write down. */
export interface GuessedComponent {
  readonly id: string;
  readonly name: string;
  /** Consumers named exactly; empty where the metadata says which they are. */
  readonly consumers: readonly { readonly stream: string; readonly consumer: string }[];
  /** Where consumers are whose metadata names the component; undefined: none does. */
  readonly discoverIn: readonly string[] | undefined;
}

export interface Guess {
  readonly components: readonly GuessedComponent[];
  /** What no component should name, each with the reason. */
  readonly left: readonly { readonly stream: string; readonly consumer: string; readonly why: string }[];
}

const MAX_ID_LENGTH = 100;

/**
 * Groups consumers by stream, but for those that say in their metadata which component they belong to. Consumers that
 * go away with their clients are left out: by their names they would be missing soon. Pure.
 */
export function guessComponents(streams: readonly FoundStream[]): Guess {
  const declared = new Map<string, Set<string>>();
  const left: Guess['left'][number][] = [];
  const byStream: { stream: string; consumers: { stream: string; consumer: string }[] }[] = [];
  for (const { stream, consumers } of sorted(streams, ({ stream: name }) => name)) {
    const exact: { stream: string; consumer: string }[] = [];
    for (const { consumer, isDurable, metadata } of sorted(consumers, ({ consumer: name }) => name)) {
      const component = componentIn(metadata);
      const why = reasonToLeave(stream, consumer, isDurable);
      if (component !== undefined && isComponentId(component)) {
        declared.set(component, (declared.get(component) ?? new Set()).add(stream));
      } else if (why !== undefined) {
        left.push({ stream, consumer, why });
      } else {
        exact.push({ stream, consumer });
      }
    }
    if (exact.length > 0) byStream.push({ stream, consumers: exact });
  }
  const taken = new Set(declared.keys());
  return {
    components: [
      ...byStream.map(({ stream, consumers }) => ({
        id: freeId(stream, taken),
        name: nameOf(stream),
        consumers,
        discoverIn: undefined,
      })),
      ...Array.from(declared, ([id, where]) => ({
        id,
        name: nameOf(id),
        consumers: [],
        discoverIn: [...where],
      })),
    ],
    left,
  };
}

function reasonToLeave(stream: string, consumer: string, isDurable: boolean): string | undefined {
  if (!isNatsName(stream) || !isNatsName(consumer)) return 'its name cannot stand in a configuration';
  if (stream.startsWith('$')) return 'the stream is one of the server itself';
  return isDurable ? undefined : 'it is not durable: it goes away with its client';
}

/** The path segment that is nearest to the name and not taken; takes it. */
function freeId(name: string, taken: Set<string>): string {
  const base =
    words(name)
      .join('-')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, MAX_ID_LENGTH - 5) || 'component';
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${String(n)}`;
  taken.add(id);
  return id;
}

/** `ORDERS_EU` and `ordersEu` to `Orders eu`. */
function nameOf(name: string): string {
  const text = words(name).join(' ').toLowerCase().trim();
  return text === '' ? name : text.charAt(0).toUpperCase() + text.slice(1, 200);
}

function words(name: string): string[] {
  return name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').split(/[\s_-]+/);
}

function sorted<T>(list: readonly T[], nameIn: (entry: T) => string): T[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return [...list].sort((a, b) => compare(nameIn(a), nameIn(b)));
}
