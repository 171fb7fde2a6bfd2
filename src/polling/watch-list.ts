import type { ComponentConfig } from '../config/config.js';
import type { ConsumerTerms } from '../health/component-round.js';
import type { ConsumerId } from '../health/consumer-reading.js';
import type { KnownConsumers, Selection, WantedStreams } from './selections.js';
import { selectionsOf } from './selections.js';

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
  /** For each of `consumers` the places in `components` of those that it belongs to. */
  readonly ownersOf: readonly (readonly number[])[];
}

/** The limits of a component's consumers, made by the configuration. */
export type LimitsFor = (component: ComponentConfig) => ConsumerTerms['limitsFor'];

/** The streams that must be listed to know every consumer of these components. */
export function streamsToList(components: readonly ComponentConfig[]): WantedStreams {
  const wanted = components.flatMap(selectionsOf).map((selection) => selection.wanted);
  return {
    names: [...new Set(wanted.flatMap(({ names }) => names))],
    patterns: [...new Set(wanted.flatMap(({ patterns }) => patterns))],
  };
}

export interface WatchListDeps {
  readonly components: readonly ComponentConfig[];
  /** The same object for as long as it says the same. */
  readonly known: () => KnownConsumers;
  readonly limitsFor: LimitsFor;
}

/** The watch list as of now; made anew only after discovery has news, since every round asks for it. */
export function createWatchList({ components, known, limitsFor }: WatchListDeps): () => WatchList {
  let newest: { readonly from: KnownConsumers; readonly watched: WatchList } | undefined;
  return () => {
    const from = known();
    if (newest?.from !== from) newest = { from, watched: resolveWatchList(components, from, limitsFor) };
    return newest.watched;
  };
}

/** Resolves the selections of all components against what discovery knows. Pure. */
export function resolveWatchList(
  components: readonly ComponentConfig[],
  known: KnownConsumers,
  limitsFor: LimitsFor,
): WatchList {
  const indices = new Map<string, number>();
  const consumers: ConsumerId[] = [];
  const ownersOf: number[][] = [];
  const indexFor = (owner: number, id: ConsumerId): number => {
    const key = keyOf(id);
    const index = indices.get(key) ?? consumers.push(id) - 1;
    indices.set(key, index);
    // Made anew and not pushed to: that would leave room for sixteen more with each of thousands of consumers.
    ownersOf[index] = [...(ownersOf[index] ?? []), owner];
    return index;
  };
  return {
    consumers,
    ownersOf,
    components: components.map((component, owner) => {
      const found = selectionsOf(component).map((selection) => ({ selection, ids: selection.find(known) }));
      return {
        id: component.id,
        selectionCount: found.length,
        consumers: termsOf(found, limitsFor(component)).map((terms) => ({
          terms,
          index: indexFor(owner, terms.id),
        })),
        isKnown: found.every(({ ids }) => ids !== undefined),
      };
    }),
  };
}

/** Identity of a consumer; neither name may hold a space. */
export function keyOf({ stream, consumer }: ConsumerId): string {
  return `${stream} ${consumer}`;
}

interface Found {
  readonly selection: Selection;
  readonly ids: readonly ConsumerId[] | undefined;
}

/** A consumer that several selections match is judged by the first exact one, else by the first. */
function termsOf(found: readonly Found[], limitsFor: ConsumerTerms['limitsFor']): ConsumerTerms[] {
  const matches = new Map<string, { id: ConsumerId; judgedBy: Selection; selections: number[] }>();
  found.forEach(({ selection, ids = [] }, index) => {
    for (const id of ids) {
      const match = matches.get(keyOf(id));
      if (match === undefined) {
        matches.set(keyOf(id), { id, judgedBy: selection, selections: [index] });
      } else {
        match.selections.push(index);
        if (selection.isExact && !match.judgedBy.isExact) match.judgedBy = selection;
      }
    }
  });
  return Array.from(matches, ([key, { id, judgedBy, selections }]) => ({
    id,
    key,
    selections,
    ...judgedBy.judgement,
    limitsFor,
  }));
}
