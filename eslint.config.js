import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const OUR_FOLDERS = [
  'commands',
  'config',
  'health',
  'http',
  'integrations',
  'jetstream',
  'polling',
  'render',
  'snapshots',
];
const PACKAGES = [
  '@koa/router',
  'koa',
  'lru-cache',
  'nats',
  'node-cron',
  'pino',
  'prom-client',
  'yaml',
  'zod',
];

/**
 * Holds the direction of dependencies: files may import only the named folders of ours (beside their own) and the
 * named packages.
 */
function layer(files, { folders = [], packages = [], ignores = [] }) {
  const own = files.map((file) => file.split('/')[1]);
  const forbidden = OUR_FOLDERS.filter((folder) => !folders.includes(folder) && !own.includes(folder));
  return {
    files,
    ignores,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: PACKAGES.filter((name) => !packages.includes(name)).map((name) => ({
            name,
            message: 'Each package is imported at one place; see the layers in eslint.config.js.',
          })),
          patterns: [
            {
              group: forbidden.flatMap((folder) => [`../${folder}/**`, `../../${folder}/**`]),
              message: 'This folder does not know that one; see the layers in eslint.config.js.',
            },
          ],
        },
      ],
    },
  };
}

const TIME = [
  { object: 'Date', property: 'now', message: 'Take a Clock.' },
  { object: 'performance', property: 'now', message: 'Take a Clock.' },
];

/** Parts of Koa and Node that read what a client claims about the host, where past holes were. */
const HOST_READERS = ['hostname', 'host', 'redirect', 'back', 'headersDistinct'].map((property) => ({
  selector: `MemberExpression[object.name=/^(ctx|context|request|req)$/][property.name='${property}']`,
  message: 'The Host header is never read.',
}));

export default defineConfig([
  { ignores: ['dist/', 'node_modules/', '.cache/', 'coverage/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ['scripts/**', 'test/**/*.mjs', 'eslint.config.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'console',
          'process',
          'performance',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'setImmediate',
          'fetch',
          'URL',
          'Buffer',
          'AbortController',
          'AbortSignal',
          'TextDecoder',
          'TextEncoder',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['src/render/page.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'addEventListener',
          'AbortSignal',
          'clearTimeout',
          'document',
          'DOMParser',
          'EventSource',
          'fetch',
          'performance',
          'setInterval',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/clock.ts'],
    rules: { 'no-restricted-properties': ['error', ...TIME], 'no-console': 'error' },
  },
  { files: ['src/http/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...HOST_READERS] } },
  layer(['src/health/**/*.ts'], {}),
  layer(['src/config/**/*.ts'], { folders: ['health'], packages: ['yaml', 'zod'] }),
  layer(['src/jetstream/**/*.ts'], { folders: ['config', 'health'], packages: ['nats'] }),
  layer(['src/snapshots/**/*.ts'], { folders: ['config', 'health'], packages: ['lru-cache'] }),
  layer(['src/polling/**/*.ts'], {
    folders: ['config', 'health', 'snapshots'],
    ignores: ['src/polling/schedule.ts'],
  }),
  layer(['src/polling/schedule.ts'], { packages: ['node-cron'] }),
  layer(['src/render/**/*.ts'], {
    folders: ['config', 'health', 'snapshots'],
    ignores: ['src/render/metrics.ts', 'src/render/openapi.ts', 'src/render/shapes.ts'],
  }),
  layer(['src/render/metrics.ts'], { folders: ['config', 'health', 'snapshots'], packages: ['prom-client'] }),
  layer(['src/render/openapi.ts', 'src/render/shapes.ts'], { folders: ['health'], packages: ['zod'] }),
  layer(['src/integrations/**/*.ts'], { folders: ['config', 'health'], packages: ['yaml'] }),
  layer(['src/http/**/*.ts'], {
    folders: ['config', 'health', 'render', 'snapshots'],
    packages: ['koa', '@koa/router'],
  }),
]);
