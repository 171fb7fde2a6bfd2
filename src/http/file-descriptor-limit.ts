import { readFileSync } from 'node:fs';

/** The soft limit in the text of `/proc/self/limits`; undefined when it is unlimited or not told. */
export function parseFileDescriptorLimit(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** How many files and sockets this process may have open; undefined where the system does not tell. */
export function readFileDescriptorLimit(): number | undefined {
  try {
    return parseFileDescriptorLimit(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return undefined;
  }
}
