import { join } from 'node:path';
import { hasDebianPackages, unpackDebianPackages } from './debian-packages.mjs';
import { findExecutable } from './find-executable.mjs';
import { ROOT } from './run.mjs';

const CACHE = join(ROOT, '.cache', 'prometheus');
const PACKAGES = { promtool: 'prometheus', 'prometheus-blackbox-exporter': 'prometheus-blackbox-exporter' };

/**
 * A program on the PATH or among those unpacked into this checkout.
 *
 * @param {string} name
 * @returns {string | undefined} an executable file
 */
export function findProgram(name) {
  return findExecutable([name], [join(CACHE, 'usr', 'bin')]);
}

/** Unpacks what checks and evaluates the printed Prometheus files, where it is missing and can be had. */
export async function providePrometheusTools() {
  const missing = Object.entries(PACKAGES).filter(([program]) => findProgram(program) === undefined);
  if (missing.length === 0 || !hasDebianPackages()) return;
  process.stdout.write('Unpacking the Debian packages of promtool and the blackbox exporter into .cache\n');
  const names = missing.map(([, name]) => name);
  await unpackDebianPackages(names, CACHE).catch(() => undefined);
}
