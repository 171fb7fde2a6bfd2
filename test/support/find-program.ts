import { test } from '@jest/globals';
import { findProgram } from '../../scripts/prometheus-tools.mjs';

/** A test that needs a program that is not part of the project; without it, one that is seen to be skipped. */
export function testWith(program: string, name: string, run: (path: string) => Promise<void>): void {
  const path = findProgram(program);
  if (path === undefined) {
    test.skip(`${name}: needs ${program}, which is not on the PATH`, () => undefined);
  } else {
    test(name, () => run(path));
  }
}
