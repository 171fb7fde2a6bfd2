import type { AgedHealth } from '../health/snapshot.js';
import { healthAt } from '../health/snapshot.js';
import { renderStatusEvent } from '../render/status-event.js';
import type { ComponentEntry } from '../render/status-json.js';
import type { EventStreams } from './event-streams.js';
import type { StatusDeps } from './view-responders.js';

/** Tells the readers of event streams what changes in one source. */
export interface StatusTeller {
  /** What a new reader hears first: all components. What the others have yet to hear, they hear now. */
  beginning(): string;
  /** Tells what is other than `told` about any component. */
  tellAll(): void;
  stop(): void;
}

export interface StatusTellerDeps {
  readonly streams: Pick<EventStreams, 'send' | 'count'>;
  /** What was last told about each component, without the time of its snapshot; kept up to date here. */
  readonly told: Map<string, string>;
}

/** The longest time a timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Told is what a request would be answered at the same moment, as often as anything but the time of the snapshot
 * changes in it. Time alone changes answers too, so a timer follows the steps of the age ladder. As long as nobody
 * reads, nothing is done.
 */
export function createStatusTeller(
  { components, store, clock, ageLimits, since }: StatusDeps,
  { streams, told }: StatusTellerDeps,
): StatusTeller {
  /** Components with a snapshot that nobody has heard of yet. */
  const unheard = new Set<string>();
  /** Monotonic ms from which on time alone changes what there is to tell, by component. */
  const changesAt = new Map<string, number>();
  let soon: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;

  const entries = (isWanted: (id: string) => boolean): (ComponentEntry & AgedHealth)[] => {
    const now = clock.now();
    return components
      .filter(({ id }) => isWanted(id))
      .map(({ id, name }) => {
        const snapshot = store.latest(id);
        return { id, name, readTime: snapshot?.readTime, ...healthAt(snapshot, now, ageLimits, since(id)) };
      });
  };

  const tell = (isWanted: (id: string) => boolean): void => {
    const events: string[] = [];
    for (const entry of entries(isWanted)) {
      const content = renderStatusEvent({ ...entry, readTime: undefined });
      if (told.get(entry.id) !== content) events.push(renderStatusEvent(entry));
      told.set(entry.id, content);
      changesAt.set(entry.id, entry.changesAt);
    }
    if (events.length > 0) streams.send(events.join(''));
    waitForTime();
  };

  const waitForTime = (): void => {
    clearTimeout(timer);
    const next = Math.min(...changesAt.values());
    if (next === Infinity) return;
    // One ms more: a step is over only after its last moment, and timers are early by a fraction.
    const delay = Math.min(Math.max(0, next - clock.now()) + 1, LONGEST_TIMER_MS);
    timer = setTimeout(() => {
      if (streams.count() === 0) return;
      const now = clock.now();
      tell((id) => (changesAt.get(id) ?? 0) <= now);
    }, delay).unref();
  };

  // Later, and all components of a round together: a poll must not wait for a thousand readers, a hundred times.
  const unsubscribe = store.subscribe((id) => {
    if (streams.count() === 0) return;
    unheard.add(id);
    soon ??= setImmediate(() => {
      soon = undefined;
      tell((wanted) => unheard.has(wanted));
      unheard.clear();
    });
  });

  const tellAll = (): void => {
    tell(() => true);
  };
  return {
    beginning() {
      tellAll();
      return entries(() => true)
        .map(renderStatusEvent)
        .join('');
    },
    tellAll,
    stop() {
      unsubscribe();
      clearTimeout(timer);
      clearImmediate(soon);
    },
  };
}
