// `npm run docs`: writes the tables of the README that follow from the code. Needs a build.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withGeneratedTables } from './docs/readme.mjs';
import { ROOT, run } from './run.mjs';

/** @param {string} path in the built program */
const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const { configKeys } = await built('config/schema-keys.js');
const { ENVIRONMENT } = await built('config/environment.js');

const path = join(ROOT, 'README.md');
await writeFile(
  path,
  withGeneratedTables(await readFile(path, 'utf8'), { keys: configKeys(), environment: ENVIRONMENT }),
);
process.exitCode = await run('npx', ['prettier', '--write', 'README.md'], { quiet: true });
