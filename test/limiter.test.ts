import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createLimiter } from '../src/limiter.js';

const SILENT_AFTER_MS = 250;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** Runs tasks that end when they are told to, and tells which have begun. */
function stageOf(limit: number) {
  const limiter = createLimiter(limit);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    run: (name: string, weight = 1) =>
      limiter.run(
        () => {
          begun.push(name);
          return new Promise<void>((resolve) => ends.set(name, resolve));
        },
        { group: name.slice(0, 1), member: name.slice(1, 2), weight },
      ),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.();
      await jest.advanceTimersByTimeAsync(0);
    },
  };
}

test('runs as many as the limit allows, the others as places become free', async () => {
  const { run, begun, end } = stageOf(2);
  for (const name of ['a1', 'a2', 'a3', 'a4']) void run(name);
  await jest.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(['a1', 'a2']);
  await end('a2');
  expect(begun).toEqual(['a1', 'a2', 'a3']);
});

test('one that is heavier than the limit runs alone', async () => {
  const { run, begun, end } = stageOf(2);
  void run('a1', 5);
  void run('a2');
  await jest.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(['a1']);
  await end('a1');
  expect(begun).toEqual(['a1', 'a2']);
});

test('the group with the fewest unsettled ones comes next, in turn', async () => {
  const { run, begun, end } = stageOf(2);
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) void run(name);
  await jest.advanceTimersByTimeAsync(0);
  // b and c came after the places were taken.
  expect(begun).toEqual(['a1', 'a2']);
  await end('a1');
  expect(begun.at(-1)).toBe('b1');
  await end('b1');
  expect(begun.at(-1)).toBe('c1');
  await end('c1');
  expect(begun.at(-1)).toBe('b2');
  await end('a2');
  expect(begun.at(-1)).toBe('a3');
});

test('in a group the member with the fewest unsettled ones comes next, and its own in their order', async () => {
  const { run, begun, end } = stageOf(2);
  for (const name of ['a1x', 'a1y', 'a1z', 'a2x', 'a2y']) void run(name);
  await jest.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(['a1x', 'a1y']);
  await end('a1x');
  expect(begun.at(-1)).toBe('a2x');
  await end('a2x');
  expect(begun.at(-1)).toBe('a2y');
  await end('a2y');
  expect(begun.at(-1)).toBe('a1z');
});

test('a task that takes too long gives up its place, once', async () => {
  const { run, begun, end } = stageOf(1);
  for (const name of ['a1', 'a2', 'b1', 'b2']) void run(name);
  await jest.advanceTimersByTimeAsync(SILENT_AFTER_MS - 1);
  expect(begun).toEqual(['a1']);
  await jest.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(['a1', 'b1']);
  await end('a1');
  expect(begun).toEqual(['a1', 'b1']);
  await end('b1');
  expect(begun).toEqual(['a1', 'b1', 'a2']);
});

test('a task that fails gives up its place too, and says why', async () => {
  const limiter = createLimiter(1);
  await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(limiter.run(() => Promise.resolve(7))).resolves.toBe(7);
});
