import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * How many times as slow as an ordinary machine this one is, as `npm test` measured it; 1 when it is none of the very
 * slow ones.
 */
export const PACE = Number(process.env.TEST_PACE ?? 1);

/** What the times of the tests are made for: a start of node, two at once as the tests run. */
const ORDINARY_MS = 60;
/** So much slower they leave room for as they are. */
const ROOM = 3;
/** So that the tests come to an end. */
const MOST = 10;
const STARTS = 5;

/**
 * How slow this machine is. The tests wait for real processes; where every one of them takes ten times as long, times
 * that are made for an ordinary machine tell nothing about the service.
 *
 * @returns {Promise<number>} 1, or where the times of the tests leave no room, how many times as slow as ordinary, up
 *   to 10
 */
export async function measurePace() {
  const taken = [];
  for (let turn = 0; turn < STARTS; turn++) taken.push(await msOfTwoStarts());
  const slowness = (taken.sort((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0) / ORDINARY_MS;
  return slowness > ROOM ? Math.min(MOST, Math.ceil(slowness)) : 1;
}

async function msOfTwoStarts() {
  const startedAt = performance.now();
  await Promise.all([0, 1].map(() => once(spawn(process.execPath, ['-e', '0']), 'close')));
  return performance.now() - startedAt;
}
