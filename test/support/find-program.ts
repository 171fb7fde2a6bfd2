import { test } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program on the PATH. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** A test that needs a program that is not part of the project; without it, one that is seen to be skipped. */
export function testWith(program: string, name: string, run: (path: string) => Promise<void>): void {
  const path = findProgram(program);
  if (path === undefined) {
    test.skip(`${name}: needs ${program}, which is not on the PATH`, () => undefined);
  } else {
    test(name, () => run(path));
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
