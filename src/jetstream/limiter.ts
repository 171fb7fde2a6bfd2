/** Runs tasks while what they weigh together stays within a limit; the others wait in their order. */
export interface Limiter {
  /** @param weight of this task; one that is heavier than the whole limit runs alone */
  run<T>(task: () => Promise<T>, weight?: number): Promise<T>;
}

export function createLimiter(limit: number): Limiter {
  const waiting: { weight: number; start: () => void }[] = [];
  let load = 0;

  const startNext = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (load > 0 && load + next.weight > limit) return;
      waiting.shift();
      load += next.weight;
      next.start();
    }
  };

  return {
    async run(task, weight = 1) {
      await new Promise<void>((start) => {
        waiting.push({ weight, start });
        startNext();
      });
      try {
        return await task();
      } finally {
        load -= weight;
        startNext();
      }
    },
  };
}
