// `npm run docs`: writes the tables of the README and the examples that follow from the code.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readApiDocument } from './docs/api.mjs';
import { KUBERNETES_EXAMPLE, kubernetesExample } from './docs/kubernetes.mjs';
import { withGeneratedTables } from './docs/readme.mjs';
import { ROOT, run } from './run.mjs';
import { importSource } from './typescript.mjs';

const { configKeys } = await importSource('config/schema-keys.ts');
const { ENVIRONMENT } = await importSource('config/environment.ts');
const { FIGURES } = await importSource('health/figures.ts');
const { createPublicApp } = await importSource('http/public-app.ts');
const { METRICS } = await importSource('render/metrics.ts');

const { loadConfig } = await importSource('config/load-config.ts');
const { INTEGRATIONS } = await importSource('integrations/integrations.ts');

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
