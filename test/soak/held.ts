import { readFile } from 'node:fs/promises';
import { eventually } from '../support/eventually.js';
import type { RunningService } from '../support/service.js';

/** What the process of the service holds at one moment, after full garbage collections. */
export interface Held {
  /** Seconds since the start of the soak. */
  readonly at: number;
  /** Bytes. */
  readonly rss: number;
  /** Heap in use and external memory, bytes. */
  readonly memory: number;
  /** Of the memory, what V8 has compiled so far, bytes. */
  readonly code: number;
  readonly handles: number;
  readonly sockets: number;
  readonly timers: number;
  /** Rejections that nobody handled so far. */
  readonly unhandled: number;
}

/** Asks the process through report-process.mjs. @param file its SOAK_REPORT */
export async function readHeld(service: RunningService, file: string, at: number): Promise<Held> {
  const lines = async (): Promise<string[]> =>
    (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const before = (await lines()).length;
  service.signal('SIGUSR2');
  const line = await eventually(async () => (await lines())[before], { withinMs: 30_000, everyMs: 50 });
  return { at, ...(JSON.parse(line) as Omit<Held, 'at'>) };
}

/** Least squares through the values, per hour. Undefined with fewer than three. */
export function slopePerHour(
  values: readonly { readonly at: number; readonly value: number }[],
): number | undefined {
  if (values.length < 3) return undefined;
  const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const meanAt = mean(values.map(({ at }) => at));
  const meanValue = mean(values.map(({ value }) => value));
  const covariance = mean(values.map(({ at, value }) => (at - meanAt) * (value - meanValue)));
  return (covariance / mean(values.map(({ at }) => (at - meanAt) ** 2))) * 3600;
}
