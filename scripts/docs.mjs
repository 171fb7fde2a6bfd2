// `npm run docs`: writes the tables of the README and the examples that follow from the code. Needs a build.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readApiDocument } from './docs/api.mjs';
import { KUBERNETES_EXAMPLE, kubernetesExample } from './docs/kubernetes.mjs';
import { withGeneratedTables } from './docs/readme.mjs';
import { ROOT, run } from './run.mjs';

/** @param {string} path in the built program */
const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const { configKeys } = await built('config/schema-keys.js');
const { ENVIRONMENT } = await built('config/environment.js');
const { FIGURES } = await built('health/figures.js');
const { createPublicApp } = await built('http/public-app.js');
const { METRICS } = await built('render/metrics.js');

const { loadConfig } = await built('config/load-config.js');
const { INTEGRATIONS } = await built('integrations/integrations.js');

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
