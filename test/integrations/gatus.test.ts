import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { gatus } from '../../src/integrations/gatus.js';
import type { PublicSetup } from '../http/public-setup.js';
import { startPublicSetup } from '../http/public-setup.js';
import type { Answer } from './setup.js';
import { ask, OTHER_PAGES, shippedConfig, SITUATIONS } from './setup.js';

interface Endpoint {
  readonly name: string;
  readonly group: string;
  readonly url: string;
  readonly conditions: readonly string[];
}

const RESPONSE_TIME_MS = 3;

/** The part of its condition language that is used: two sides, `==` or `<`, and `any` on the right. */
function holds(condition: string, answer: Answer): boolean {
  const [, left = '', operator = '', right = ''] = /^(\S+) (==|<) (.+)$/.exec(condition) ?? [];
  const value = valueOf(left, answer);
  if (operator === '<') return Number(value) < Number(right);
  const [, choices] = /^any\((.*)\)$/.exec(right) ?? [];
  const accepted = choices === undefined ? [right] : choices.split(',').map((choice) => choice.trim());
  return operator === '==' && accepted.includes(value);
}

function valueOf(placeholder: string, { code, text }: Answer): string {
  if (placeholder === '[STATUS]') return String(code);
  if (placeholder === '[RESPONSE_TIME]') return String(RESPONSE_TIME_MS);
  const [, path = ''] = /^\[BODY\]\.([a-z_]+)$/.exec(placeholder) ?? [];
  try {
    const value = (JSON.parse(text) as Record<string, unknown>)[path];
    return typeof value === 'string' ? value : `${placeholder} (INVALID)`;
  } catch {
    return `${placeholder} (INVALID)`;
  }
}

let setup: PublicSetup;
let endpoints: readonly Endpoint[];

beforeEach(async () => {
  setup = await startPublicSetup();
  ({ endpoints } = parse(gatus.render(await shippedConfig(), setup.server.url)) as {
    endpoints: readonly Endpoint[];
  });
});
afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
});

const passes = (name: string, answer: Answer): boolean | undefined =>
  endpoints.find((endpoint) => endpoint.name === name)?.conditions.every((line) => holds(line, answer));

test.each(SITUATIONS)('$name', async ({ prepare, isUp, isNotDown }) => {
  prepare(setup);
  const answer = await ask(endpoints[0]?.url ?? '');
  expect(passes('infra is up', answer)).toBe(isUp);
  expect(passes('infra is not down', answer)).toBe(isNotDown);
});

test('a page that is not ours passes for nothing', async () => {
  for (const page of [...OTHER_PAGES, await ask(`${setup.server.url}/api/v2/status/none`)]) {
    expect(passes('infra is up', page)).toBe(false);
    expect(passes('infra is not down', page)).toBe(false);
  }
});

test('no two endpoints are one to Gatus, also where components share a name', async () => {
  const config = await shippedConfig();
  const namesakes = { ...config, components: config.components.map((one) => ({ ...one, name: 'Platform' })) };
  const { endpoints: all } = parse(gatus.render(namesakes, 'http://127.0.0.1')) as { endpoints: Endpoint[] };
  const keyOf = ({ group, name }: Endpoint): string =>
    [group, name].map((text) => text.toLowerCase().replaceAll(/[ /_,.#+&]/g, '-')).join('_');
  expect(new Set(all.map(keyOf)).size).toBe(6);
});
