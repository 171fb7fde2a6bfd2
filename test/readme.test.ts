import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'nats';
import { readApiDocument } from '../scripts/docs/api.mjs';
import { withGeneratedTables } from '../scripts/docs/readme.mjs';
import { ENVIRONMENT } from '../src/config/environment.js';
import { loadConfig } from '../src/config/load-config.js';
import { metadataProblems, metadataThresholds } from '../src/config/metadata-thresholds.js';
import { configKeys } from '../src/config/schema-keys.js';
import { BUILT_IN_THRESHOLDS } from '../src/config/thresholds-schema.js';
import { FIGURE_NAMES, FIGURES } from '../src/health/figures.js';
import { createPublicApp } from '../src/http/public-app.js';
import { METRICS } from '../src/render/metrics.js';
import { renderComponentHealth } from '../src/render/status-json.js';
import { describeWithNats, isAtLeast } from './support/nats-binaries.js';
import { startNatsServer } from './support/nats-server.js';
import { startService } from './support/service.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const README = await readFile(join(ROOT, 'README.md'), 'utf8');

/** The code blocks of one language. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** Formatting apart. */
function folded(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

describe('the README', () => {
  test('has the tables that follow from the code (npm run docs writes them)', async () => {
    const generated = withGeneratedTables(README, {
      keys: configKeys(),
      environment: ENVIRONMENT,
      api: await readApiDocument(createPublicApp),
      figures: FIGURES,
      metrics: METRICS,
    });
    for (const name of ['paths', 'figures', 'metrics', 'configuration']) {
      expect(README).toContain(`<!-- /${name} -->`);
    }
    expect(folded(README)).toBe(folded(generated));
  });

  test('names only scripts that exist', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...README.matchAll(/npm (?:run )?(demo|test|[a-z]+:?[a-z]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !(name in scripts) && name !== 'ci')).toEqual([]);
  });

  test('shows an answer as it is served', () => {
    const [shown = ''] = blocks('text');
    const { status, detail, ...figures } = JSON.parse(shown) as { status: 'degraded'; detail: string };
    expect(Object.keys(figures)).toEqual(FIGURE_NAMES);
    expect(shown).toBe(`${renderComponentHealth({ status, detail, figures: figures as never })}\n`);
  });

  test('shows a configuration that is valid', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    await writeFile(join(folder, 'status.yaml'), blocks('yaml')[0] ?? '');
    await writeFile(join(folder, 'monitor.creds'), '');
    const { config } = await loadConfig({ configPath: 'status.yaml', env: {}, cwd: folder });
    expect(config.components.map(({ id }) => id)).toEqual(['infra', 'apps']);
    await rm(folder, { recursive: true });
  });

  test('tells the metadata that a consumer can carry, as it is read', () => {
    const keys = [...README.matchAll(/`((?:jetstream-status|io\.nats\.monitor)\.[a-z-]+)`/g)].map(
      ([, key = '']) => key,
    );
    const values = keys.map((key) => [key, key.includes('oldest') ? '60s' : '7'] as const);
    const metadata = Object.fromEntries(values);
    expect(metadataProblems(metadata)).toEqual([]);
    expect(Object.keys(metadataThresholds(metadata)).sort()).toEqual(Object.keys(BUILT_IN_THRESHOLDS).sort());
    expect(keys).toContain('jetstream-status.component');
  });

  test('tells every sentence a component can be given', async () => {
    const rules = await readFile(join(ROOT, 'src/health/rules.ts'), 'utf8');
    const sentences = [...rules.matchAll(/'([a-z]+ [a-z ]+)'/g)].map(([, sentence = '']) => sentence);
    expect(sentences.length).toBeGreaterThanOrEqual(4);
    expect(sentences.filter((sentence) => !README.includes(sentence))).toEqual([]);
  });
});

describeWithNats('the permissions of the README', (binary) => {
  const { bin } = binary;
  // Before it, servers keep no metadata.
  const byMetadata = isAtLeast(binary, '2.10.0') ? { metadata: { discover: true } } : {};

  test('are enough for a component by name, one by pattern and one by metadata', async () => {
    const server = await startNatsServer({ bin, config: blocks('conf')[0] ?? '' });
    const owner = {
      accounts: (blocks('conf')[0] ?? '').replace(
        'users = [',
        'users = [ { user: owner, password: owner }\n',
      ),
    };
    await server.restart({ config: owner.accounts });
    const nc = await connect({ servers: server.url, user: 'owner', pass: 'owner' });
    const jsm = await nc.jetstreamManager();
    await jsm.streams.add({ name: 'S', subjects: ['s'] });
    await jsm.consumers.add('S', {
      durable_name: 'deploy-a',
      ...('metadata' in byMetadata && { metadata: { 'jetstream-status.component': 'metadata' } }),
    });
    await nc.jetstream().publish('s');
    await nc.close();
    const service = await startService({
      nats: { url: server.url, user: 'monitor', password: 'change-me', inbox_prefix: '_INBOX_status' },
      poll: { every: '1s' },
      components: {
        named: { consumers: [{ stream: 'S', consumer: 'deploy-a' }] },
        pattern: { consumers: [{ stream: 'S', consumer: 'deploy-*' }] },
        ...byMetadata,
      },
    });
    for (const id of ['named', 'pattern', ...Object.keys(byMetadata)]) {
      const answer = await service.until(
        id,
        ({ backlog, oldest_unacked_seconds: age }) => backlog === 1 && age >= 1,
      );
      expect(answer.detail).not.toContain('unknown');
    }
    await service.stop();
    await server.stop();
  });
});
