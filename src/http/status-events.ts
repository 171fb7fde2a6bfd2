import type { EventStreams } from './event-streams.js';
import type { Responder } from './responder.js';
import type { StatusTeller } from './status-teller.js';
import { createStatusTeller } from './status-teller.js';
import type { StatusDeps } from './view-responders.js';

/** The health of components as a stream of events. Streams outlive a reload. */
export interface StatusEvents {
  readonly respond: Responder;
  /**
   * From now on what is told comes from this source. Readers hear of each component of which there is something else
   * to tell than before. When one is gone their streams end instead, since no event could say so: whoever comes again
   * hears of those that are left.
   *
   * @returns how to stop; does nothing when another source was followed since
   */
  follow(source: StatusDeps): () => void;
  /** Ends all streams for good. */
  close(): void;
}

export function createStatusEvents(streams: EventStreams): StatusEvents {
  const told = new Map<string, string>();
  let teller: StatusTeller | undefined;
  return {
    respond(req, res) {
      streams.open(req, res, () => teller?.beginning() ?? '');
    },
    follow(source) {
      teller?.stop();
      const mine = (teller = createStatusTeller(source, { streams, told }));
      const isThere = new Set(source.components.map(({ id }) => id));
      if (streams.count() > 0 && [...told.keys()].some((id) => !isThere.has(id))) streams.endAll();
      if (streams.count() === 0) told.clear();
      else teller.tellAll();
      return () => {
        mine.stop();
        if (teller === mine) teller = undefined;
      };
    },
    close() {
      teller?.stop();
      streams.close();
    },
  };
}
