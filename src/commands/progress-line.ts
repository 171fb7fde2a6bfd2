/** Tells people that something is under way. */
export interface ProgressLine {
  /** @param state what is waited for; @param time how long already */
  show(state: string, time: string): void;
  /** Leaves nothing of it on a terminal. */
  clear(): void;
}

const START_OF_LINE = '\r\u001B[K';

/**
 * One line that is written over on a terminal. Elsewhere, in the log of a pipeline, a line for each new state.
 *
 * @param columns of the terminal; undefined where there is none
 */
export function createProgressLine(write: (text: string) => void, columns: number | undefined): ProgressLine {
  let last: string | undefined;
  return {
    show(state, time) {
      if (columns !== undefined) {
        // A line that wraps could not be written over.
        write(START_OF_LINE + `${time}: ${state}`.slice(0, Math.max(0, columns - 1)));
      } else if (state !== last) {
        write(`${time}: ${state}\n`);
      }
      last = state;
    },
    clear() {
      if (columns !== undefined && last !== undefined) write(START_OF_LINE);
    },
  };
}
