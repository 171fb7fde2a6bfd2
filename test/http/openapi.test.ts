import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readEvents } from '../support/event-reader.js';
import { startPublicSetup } from './public-setup.js';
import type { PublicSetup } from './public-setup.js';

interface Described {
  readonly $ref?: string;
  readonly name?: string;
  readonly headers?: Record<string, Described>;
  readonly content?: Record<string, { readonly schema: object }>;
  readonly schema?: object;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Described[];
  readonly responses: Record<string, Described>;
}

interface Document {
  readonly paths: Record<string, { readonly get: Operation }>;
}

let setup: PublicSetup;
let document: Document;
/** By the text of their schema: compiling one takes longer than all that is tested with it. */
let validators: Map<string, ValidateFunction>;

beforeEach(async () => {
  validators = new Map();
  setup = await startPublicSetup();
  document = (await (await fetch(`${setup.server.url}/openapi.json`)).json()) as Document;
});

afterEach(async () => {
  setup.events.close();
  setup.app.dispose();
  await setup.server.close();
});

/** What the document says at a JSON pointer. */
function at(pointer: string): unknown {
  return pointer
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

function resolved(described: Described): Described {
  return described.$ref === undefined ? described : (at(described.$ref) as Described);
}

/** The schema with all references of the document within reach. */
function validatorOf(schema: object): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile({ ...schema, components: at('#/components') as object });
  validators.set(key, validate);
  return validate;
}

function expectValid(schema: object, value: unknown): void {
  const validate = validatorOf(schema);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

/** Whether an answer is one that the document describes, in code, headers, type and body. */
async function expectDescribed(path: string, response: Response): Promise<void> {
  const described = resolved(document.paths[path]?.get.responses[String(response.status)] ?? {});
  expect([path, response.status, described]).not.toContainEqual({});
  for (const [name, header] of Object.entries(described.headers ?? {})) {
    const value = response.headers.get(name);
    const schema = resolved(header).schema as { readonly type?: string };
    if (value === null) expect(name).toMatch(/^X-Snapshot-(Age|Time)$/);
    else expectValid(schema, schema.type === 'number' ? Number(value) : value);
  }
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  if (response.status === 304) return;
  expect(Object.keys(described.content ?? {})).toEqual([type]);
  expectValid(described.content?.[type]?.schema ?? {}, type.includes('json') ? JSON.parse(text) : text);
}

function urlOf(path: string): string {
  return `${setup.server.url}${path.replace('{component}', 'infra')}`;
}

function paths(): string[] {
  return Object.keys(document.paths);
}

test('passes the rules of a linter for OpenAPI', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});

test('describes every path of the contract', () => {
  const ofComponent = ['', '/history', '/badge.svg', '/badge.json'];
  expect(paths()).toEqual(
    expect.arrayContaining([
      ...ofComponent.map((path) => `/api/v2/status/{component}${path}`),
      ...['status', 'summary.json', 'status.json', 'components.json', 'events'].map(
        (path) => `/api/v2/${path}`,
      ),
      ...['/', '/livez', '/readyz', '/openapi.json'],
    ]),
  );
  expect(at('#/components/parameters/component')).toMatchObject({ schema: { enum: ['infra', 'apps'] } });
  const ids = Object.values(document.paths).map(({ get }) => get.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('every path answers as described', () => {
  const states: [string, () => void][] = [
    ['before the first snapshot', () => undefined],
    [
      'with fresh figures',
      () => {
        setup.put('infra');
        setup.put('apps', { status: 'degraded', detail: 'backlog above warning threshold' });
      },
    ],
    [
      'with old figures',
      () => {
        setup.put('infra');
        setup.put('apps');
        setup.time = 70_000;
      },
    ],
  ];
  test.each(states)('%s', async (_, arrange) => {
    arrange();
    for (const path of paths()) {
      if (path === '/api/v2/events') continue;
      const response = await fetch(urlOf(path));
      expect([path, response.status]).toEqual([path, 200]);
      const etag = response.headers.get('etag');
      await expectDescribed(path, response);
      if (etag === null || document.paths[path]?.get.responses['304'] === undefined) continue;
      const again = await fetch(urlOf(path), { headers: { 'If-None-Match': etag } });
      expect([path, again.status]).toEqual([path, 304]);
      await expectDescribed(path, again);
    }
  });

  test('with a status that strict monitors want as 503', async () => {
    setup.put('infra', { status: 'down', detail: 'no live pullers' });
    for (const path of paths()) {
      if (path === '/api/v2/events') continue;
      const response = await fetch(`${urlOf(path)}?strict`);
      const takesStrict = document.paths[path]?.get.parameters?.some(({ $ref }) => $ref?.endsWith('/strict'));
      expect([path, response.status]).toEqual([path, takesStrict === true ? 503 : 200]);
      await expectDescribed(path, response);
    }
  });

  test('for a component that is not there', async () => {
    const ofComponent = paths().filter((path) => path.includes('{component}'));
    expect(ofComponent.length).toBeGreaterThan(3);
    for (const path of ofComponent) {
      await expectDescribed(path, await fetch(`${setup.server.url}${path.replace('{component}', 'nobody')}`));
    }
  });

  test('with events of the shape they are said to have', async () => {
    setup.put('infra');
    const reader = await readEvents(urlOf('/api/v2/events'));
    for (const event of await reader.until(2))
      expectValid({ $ref: '#/components/schemas/ComponentEntry' }, event);
    reader.close();
    setup.events.close();
    await expectDescribed('/api/v2/events', await fetch(urlOf('/api/v2/events')));
  });
});

test('the service that is not ready answers as described', async () => {
  const starting = await startPublicSetup({ ready: () => false });
  const response = await fetch(`${starting.server.url}/readyz`);
  expect(response.status).toBe(503);
  await expectDescribed('/readyz', response);
  starting.app.dispose();
  await starting.server.close();
});

test('the description can be asked for conditionally, and HEAD', async () => {
  const url = `${setup.server.url}/openapi.json`;
  const whole = await fetch(url);
  const etag = whole.headers.get('etag') ?? '';
  expect(whole.headers.get('cache-control')).toBe('no-cache');
  expect(whole.headers.get('access-control-allow-origin')).toBe('*');
  expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    String(Buffer.byteLength(await whole.text())),
    '',
  ]);
});
