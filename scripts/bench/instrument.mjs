// Loaded with --import into every node process that is measured, the service too: answers questions of the bench
// over IPC and does nothing in between. Needs --expose-gc.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** @type {ReturnType<typeof monitorEventLoopDelay> | undefined} */
let delays;

/** @type {Record<string, () => unknown>} */
const QUESTIONS = {
  usage() {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpuMs: (user + system) / 1000, rss, heapUsed, peakRss: process.resourceUsage().maxRSS * 1024 };
  },
  /** Servers get dearer once full collections have moved what they use for every request. */
  age() {
    for (let collections = 0; collections < 6; collections++) globalThis.gc?.();
  },
  /** One after each round: several in a row would throw away the code of a poller that rests between them. */
  collect() {
    globalThis.gc?.();
  },
  /** Costs a timer per millisecond, so only on demand. */
  watchStalls() {
    delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
  },
  /** The longest delay in ms since the last question; one of those is the timer's own millisecond. */
  stall() {
    const longest = delays === undefined ? 0 : delays.max / 1e6;
    delays?.reset();
    return longest;
  },
  unwatchStalls() {
    delays?.disable();
    delays = undefined;
  },
};

process.on('message', (message) => {
  const { question, id } = /** @type {{ question?: string, id?: number }} */ (message);
  const answer = question === undefined ? undefined : QUESTIONS[question];
  if (answer !== undefined) process.send?.({ id, answer: answer() ?? null });
});
// The service ends by itself: this channel must not keep it. And nothing outlives the bench.
process.channel?.unref();
process.on('disconnect', () => process.exit(0));
