// `npm run docs`: writes the tables of the README and the examples that follow from the code.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readApiDocument } from './docs/api.mjs';
import { KUBERNETES_EXAMPLE, kubernetesExample } from './docs/kubernetes.mjs';
import { withGeneratedTables } from './docs/readme.mjs';
import { ROOT, run } from './run.mjs';
import './typescript.mjs';

/** @param {string} path in src/ */
const source = (path) => import(new URL(`../src/${path}`, import.meta.url).href);
const { configKeys } = await source('config/schema-keys.ts');
const { ENVIRONMENT } = await source('config/environment.ts');
const { FIGURES } = await source('health/figures.ts');
const { createPublicApp } = await source('http/public-app.ts');
const { METRICS } = await source('render/metrics.ts');

const { loadConfig } = await source('config/load-config.ts');
const { INTEGRATIONS } = await source('integrations/integrations.ts');

const example = join(ROOT, KUBERNETES_EXAMPLE);
await mkdir(dirname(example), { recursive: true });
await writeFile(example, await kubernetesExample({ root: ROOT, loadConfig, integrations: INTEGRATIONS }));

const path = join(ROOT, 'README.md');
await writeFile(
  path,
  withGeneratedTables(await readFile(path, 'utf8'), {
    keys: configKeys(),
    environment: ENVIRONMENT,
    api: await readApiDocument(createPublicApp),
    figures: FIGURES,
    metrics: METRICS,
  }),
);
process.exitCode = await run('npx', ['prettier', '--write', 'README.md'], { quiet: true });
