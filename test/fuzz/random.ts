/** A stream of numbers that a seed repeats. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole, from 0 to below `limit`. */
  below(limit: number): number;
  /** One of them; there must be one. */
  pick<T>(items: readonly T[]): T;
}

/** mulberry32: good enough to mutate, fast enough for millions. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
