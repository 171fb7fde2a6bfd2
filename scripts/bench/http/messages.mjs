import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Messages that nats-server receives in windows of whole poll intervals, so that both hold the same number of rounds:
 * one without any HTTP request and one full of them.
 *
 * @param {() => Promise<number>} messagesIn the server's counter
 * @param {number} intervalMs
 * @param {(ms: number) => Promise<number>} load asks for so long at most; resolves with the number of requests
 */
export async function countMessages(messagesIn, intervalMs, load) {
  const windowMs = 2 * intervalMs;
  await halfAnIntervalAfterARound(messagesIn, intervalMs);
  const before = await messagesIn();
  await sleep(windowMs);
  const idle = (await messagesIn()) - before;

  await halfAnIntervalAfterARound(messagesIn, intervalMs);
  const endsAt = performance.now() + windowMs;
  const beforeLoad = await messagesIn();
  const requests = await load(windowMs);
  await sleep(Math.max(0, endsAt - performance.now()));
  const loaded = (await messagesIn()) - beforeLoad;
  return { seconds: windowMs / 1000, idle, loaded, requests };
}

/** @param {() => Promise<number>} messagesIn @param {number} intervalMs */
async function halfAnIntervalAfterARound(messagesIn, intervalMs) {
  const first = await messagesIn();
  while ((await messagesIn()) === first) await sleep(20);
  // Two services tick at moments of their own; the second one's round shall be over as well.
  await sleep(intervalMs / 2);
}
