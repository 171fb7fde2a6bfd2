/** Of those who wait, whoever has the fewest unsettled tasks comes next; those who have the same number, in turn. */
export interface Turns<T extends Countable> {
  /** Waits, if it does not wait already. */
  add(member: T): void;
  /** To be called before its number changes. */
  remove(member: T): void;
  next(): T | undefined;
}

interface Countable {
  readonly unsettled: number;
}

export function createTurns<T extends Countable>(): Turns<T> {
  /** By number of unsettled tasks. */
  const waiting: (Set<T> | undefined)[] = [];
  return {
    add(member) {
      (waiting[member.unsettled] ??= new Set()).add(member);
    },
    remove(member) {
      waiting[member.unsettled]?.delete(member);
    },
    next() {
      for (const members of waiting) {
        for (const member of members ?? []) return member;
      }
      return undefined;
    },
  };
}
