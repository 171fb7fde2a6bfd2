import { afterEach, beforeEach, expect, test } from '@jest/globals';
import jsonata from 'jsonata';
import { uptimeKuma } from '../../src/integrations/uptime-kuma.js';
import type { PublicSetup } from '../http/public-setup.js';
import { startPublicSetup } from '../http/public-setup.js';
import type { Answer } from './setup.js';
import { ask, OTHER_PAGES, shippedConfig, SITUATIONS } from './setup.js';

interface Monitor {
  readonly type: string;
  readonly name: string;
  readonly url: string;
  readonly accepted_statuscodes: readonly string[];
  readonly jsonPath: string;
  readonly jsonPathOperator: string;
  readonly expectedValue: string;
}

const COMPARISONS: Record<string, string> = { '==': 'value = expected', '!=': 'value != expected' };

/** As the tool does: the path is JSONata, the comparison too, both sides as text; what has no value is an error. */
async function passes(monitor: Monitor | undefined, { code, text }: Answer): Promise<boolean> {
  if (monitor?.accepted_statuscodes.includes(String(code)) !== true) return false;
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Text stays text.
  }
  const value: unknown = await jsonata(monitor.jsonPath).evaluate(body);
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const comparison = jsonata(COMPARISONS[monitor.jsonPathOperator] ?? '');
  return (await comparison.evaluate({ value: String(value), expected: monitor.expectedValue })) === true;
}

let setup: PublicSetup;
let monitors: readonly Monitor[];

beforeEach(async () => {
  setup = await startPublicSetup();
  monitors = JSON.parse(uptimeKuma.render(await shippedConfig(), setup.server.url)) as Monitor[];
});
afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
});

const named = (words: string): Monitor | undefined =>
  monitors.find(({ name }) => name === `Infrastructure provisioning ${words}`);

test.each(SITUATIONS)('$name', async ({ prepare, isUp, isNotDown }) => {
  prepare(setup);
  const answer = await ask(named('is up')?.url ?? '');
  expect(await passes(named('is up'), answer)).toBe(isUp);
  expect(await passes(named('is not down'), answer)).toBe(isNotDown);
});

test('a page that is not ours passes for nothing', async () => {
  for (const page of [...OTHER_PAGES, await ask(`${setup.server.url}/api/v2/status/none`)]) {
    expect(await passes(named('is up'), page)).toBe(false);
    expect(await passes(named('is not down'), page)).toBe(false);
  }
});

test('two monitors per component, of the type that reads JSON', () => {
  expect(monitors).toHaveLength(6);
  expect(new Set(monitors.map(({ type }) => type))).toEqual(new Set(['json-query']));
});
