import type { Turns } from './turns.js';
import { createTurns } from './turns.js';

/**
 * Runs tasks while what they weigh together stays within a limit; the others wait. Next comes the group with the
 * fewest unsettled tasks and in it the member with the fewest, so that those who never answer hold up nobody else.
 */
export interface Limiter {
  run<T>(task: () => Promise<T>, options?: TaskOptions): Promise<T>;
}

export interface TaskOptions {
  readonly group?: string | undefined;
  /** Of the group. */
  readonly member?: string;
  /** 1 unless told; a task that is heavier than the whole limit runs alone. */
  readonly weight?: number;
}

/** An answer takes milliseconds: a task that takes longer weighs nothing from then on, so that others begin. */
const SILENT_AFTER_MS = 250;

interface Group {
  unsettled: number;
  readonly members: Map<string, Member>;
  readonly turns: Turns<Member>;
}

interface Member {
  unsettled: number;
  readonly waiting: { readonly weight: number; readonly start: () => void }[];
}

export function createLimiter(limit: number): Limiter {
  const groups = new Map<string, Group>();
  const turns = createTurns<Group>();
  let load = 0;

  const place = (group: Group, member: Member): void => {
    if (member.waiting.length > 0) group.turns.add(member);
    if (group.turns.next() !== undefined) turns.add(group);
  };
  const countUnsettled = (group: Group, member: Member, change: 1 | -1): void => {
    turns.remove(group);
    group.turns.remove(member);
    group.unsettled += change;
    member.unsettled += change;
    place(group, member);
  };
  const startNext = (): void => {
    for (;;) {
      const group = turns.next();
      const member = group?.turns.next();
      const first = member?.waiting[0];
      if (group === undefined || member === undefined || first === undefined) return;
      if (load > 0 && load + first.weight > limit) return;
      member.waiting.shift();
      countUnsettled(group, member, 1);
      load += first.weight;
      first.start();
    }
  };

  return {
    async run(task, { group: groupName = '', member: memberName = '', weight = 1 } = {}) {
      const group = valueOf(groups, groupName, newGroup);
      const member = valueOf(group.members, memberName, newMember);
      await new Promise<void>((start) => {
        member.waiting.push({ weight, start });
        place(group, member);
        startNext();
      });
      let isHeld = true;
      const release = (): void => {
        if (isHeld) load -= weight;
        isHeld = false;
        startNext();
      };
      const timer = setTimeout(release, SILENT_AFTER_MS);
      try {
        return await task();
      } finally {
        clearTimeout(timer);
        countUnsettled(group, member, -1);
        if (member.unsettled === 0 && member.waiting.length === 0) group.members.delete(memberName);
        if (group.members.size === 0) groups.delete(groupName);
        release();
      }
    },
  };
}

const newGroup = (): Group => ({ unsettled: 0, members: new Map(), turns: createTurns() });
const newMember = (): Member => ({ unsettled: 0, waiting: [] });

function valueOf<T>(map: Map<string, T>, key: string, create: () => T): T {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}
