import type { ComponentConfig, ConsumerSelection } from '../config/config.js';
import type { ConsumerTerms } from '../health/component-round.js';
import type { ConsumerId } from '../health/consumer-reading.js';
import type { ListedConsumer } from './read-consumers.js';

/** One component with the consumers that are its own at present. */
export interface WatchedComponent {
  readonly id: string;
  readonly selectionCount: number;
  /** `index` points into `WatchList.consumers`. */
  readonly consumers: readonly { readonly terms: ConsumerTerms; readonly index: number }[];
  /** False while a stream that must be listed has never been: nothing can be said about the component. */
  readonly isKnown: boolean;
}

/** Whom to ask about in a round, each consumer once, and whose they are. */
export interface WatchList {
  readonly consumers: readonly ConsumerId[];
  readonly components: readonly WatchedComponent[];
}

/** The limits of a component's consumers, made by the configuration. */
export type LimitsFor = (component: ComponentConfig) => ConsumerTerms['limitsFor'];

/** What is known of the streams that were listed; a stream that does not exist has an empty list. */
export type ListedStreams = ReadonlyMap<string, readonly ListedConsumer[]>;

/** The streams that must be listed to know every consumer of these components. */
export function streamsToList(components: readonly ComponentConfig[]): readonly string[] {
  const open = components.flatMap(({ consumers }) => consumers.filter((selection) => !isExact(selection)));
  return [...new Set(open.map(({ stream }) => stream))];
}

/** Resolves the selections of all components against what discovery knows. Pure. */
export function resolveWatchList(
  components: readonly ComponentConfig[],
  listed: ListedStreams,
  limitsFor: LimitsFor,
): WatchList {
  const indices = new Map<string, number>();
  const consumers: ConsumerId[] = [];
  const indexOf = (id: ConsumerId): number => {
    const key = keyOf(id);
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, consumers.length);
    return consumers.push(id) - 1;
  };
  return {
    consumers,
    components: components.map((component) => ({
      id: component.id,
      selectionCount: component.consumers.length,
      consumers: termsOf(component, listed, limitsFor(component)).map((terms) => ({
        terms,
        index: indexOf(terms.id),
      })),
      isKnown: component.consumers.every((selection) => isExact(selection) || listed.has(selection.stream)),
    })),
  };
}

/** Identity of a consumer; neither name may hold a space. */
export function keyOf({ stream, consumer }: ConsumerId): string {
  return `${stream} ${consumer}`;
}

/** A consumer that several selections match is judged by the first exact one, else by the first. */
function termsOf(
  component: ComponentConfig,
  listed: ListedStreams,
  limitsFor: ConsumerTerms['limitsFor'],
): ConsumerTerms[] {
  const matches = new Map<string, { id: ConsumerId; judgedBy: ConsumerSelection; selections: number[] }>();
  component.consumers.forEach((selection, index) => {
    for (const id of consumersOf(selection, listed)) {
      const known = matches.get(keyOf(id));
      if (known === undefined) {
        matches.set(keyOf(id), { id, judgedBy: selection, selections: [index] });
      } else {
        known.selections.push(index);
        if (isExact(selection) && !isExact(known.judgedBy)) known.judgedBy = selection;
      }
    }
  });
  return [...matches].map(([key, { id, judgedBy, selections }]) => ({
    id,
    key,
    selections,
    expectPullers: judgedBy.expectPullers,
    workWindowMs: judgedBy.workWindowMs,
    critical: judgedBy.critical,
    limitsFor,
  }));
}

function consumersOf(selection: ConsumerSelection, listed: ListedStreams): ConsumerId[] {
  const { stream, consumer } = selection;
  if (consumer !== undefined && isExact(selection)) return [{ stream, consumer }];
  const matches = consumer === undefined ? () => true : globMatcher(consumer);
  return (listed.get(stream) ?? [])
    .filter((known) => matches(known.consumer))
    .map((known) => ({ stream, consumer: known.consumer }));
}

function isExact({ consumer }: ConsumerSelection): boolean {
  return consumer !== undefined && !/[*?]/.test(consumer);
}

/** `*` stands for any characters, `?` for one. */
function globMatcher(glob: string): (name: string) => boolean {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${pattern}$`, 's');
  return (name) => expression.test(name);
}
