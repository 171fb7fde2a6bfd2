import type { Metrics, MetricsRecorder, MetricsSource } from './render/metrics.js';

/** Metrics whose package is loaded only once the service listens, so that it listens sooner. */
export interface DeferredMetrics extends MetricsRecorder {
  /** Begins to load and to count. Without it nothing is counted. */
  start(): void;
  render(source: () => MetricsSource): Promise<{ readonly type: string; readonly body: string }>;
}

export function createDeferredMetrics(): DeferredMetrics {
  let loading: Promise<Metrics> | undefined;
  const load = (): Promise<Metrics> => {
    loading ??= import('./render/metrics.js').then(({ createMetrics }) => createMetrics());
    return loading;
  };
  const record = (add: (metrics: Metrics) => void): void => {
    // What cannot be loaded is told to whoever asks for it.
    loading?.then(add).catch(() => undefined);
  };
  return {
    start: () => void load().catch(() => undefined),
    countRequest(kind, result) {
      record((metrics) => {
        metrics.countRequest(kind, result);
      });
    },
    countRound(result, seconds) {
      record((metrics) => {
        metrics.countRound(result, seconds);
      });
    },
    async render(source) {
      const metrics = await load();
      return { type: metrics.type, body: await metrics.render(source()) };
    },
  };
}
