/**
 * What a run has started and must end, whatever becomes of it: the last first, also when it is interrupted.
 *
 * @returns {{ stops: (() => Promise<unknown>)[], stopAll: () => Promise<void> }}
 */
export function createStops() {
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void stopAll().then(() => process.exit(1)));
  return { stops, stopAll };
}
