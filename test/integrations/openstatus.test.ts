import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { openstatus } from '../../src/integrations/openstatus.js';
import type { PublicSetup } from '../http/public-setup.js';
import { startPublicSetup } from '../http/public-setup.js';
import type { Answer } from './setup.js';
import { ask, OTHER_PAGES, shippedConfig, SITUATIONS } from './setup.js';

interface Assertion {
  readonly kind: string;
  readonly compare: string;
  readonly target: string | number;
  readonly key?: string;
}
type Monitors = Record<string, { name: string; request: { url: string }; assertions: Assertion[] }>;

const COMPARE: Record<string, (value: string, target: string) => boolean> = {
  eq: (value, target) => value === target,
  contains: (value, target) => value.includes(target),
  not_contains: (value, target) => !value.includes(target),
};

/** As the checker does: everything is text but the code; other kinds are not evaluated. */
function holds({ kind, compare, target, key = '' }: Assertion, { code, headers, text }: Answer): boolean {
  if (kind === 'statusCode' && compare === 'eq') return code === target;
  const value = kind === 'textBody' ? text : kind === 'header' ? (headers.get(key) ?? '') : undefined;
  const compares = COMPARE[compare];
  if (value === undefined || compares === undefined) throw new Error(`not evaluated: ${kind} ${compare}`);
  return compares(value, String(target));
}

let setup: PublicSetup;
let monitors: Monitors;

beforeEach(async () => {
  setup = await startPublicSetup();
  monitors = parse(openstatus.render(await shippedConfig(), setup.server.url)) as Monitors;
});
afterEach(async () => {
  setup.app.dispose();
  await setup.server.close();
});

const passes = (key: string, answer: Answer): boolean | undefined =>
  monitors[key]?.assertions.every((assertion) => holds(assertion, answer));

test.each(SITUATIONS)('$name', async ({ prepare, isUp, isNotDown }) => {
  prepare(setup);
  const answer = await ask(monitors['infra-up']?.request.url ?? '');
  expect(passes('infra-up', answer)).toBe(isUp);
  expect(passes('infra-not-down', answer)).toBe(isNotDown);
});

test('a page that is not ours passes for nothing', async () => {
  for (const page of [...OTHER_PAGES, await ask(`${setup.server.url}/api/v2/status/none`)]) {
    expect(passes('infra-up', page)).toBe(false);
    expect(passes('infra-not-down', page)).toBe(false);
  }
});

test('the file is what the command line reads: schema line first, its keys and values, headers as they are sent', async () => {
  const text = openstatus.render(await shippedConfig(), 'https://status.example.com');
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=https://www.openstatus.dev/schema.json');
  expect(Object.keys(monitors)).toEqual(
    ['infra', 'apps', 'datastores'].flatMap((id) => [`${id}-up`, `${id}-not-down`]),
  );
  const keys = 'name description frequency active regions retry public kind timeout request assertions'.split(
    ' ',
  );
  for (const monitor of Object.values(monitors)) {
    expect(Object.keys(monitor)).toEqual(keys);
    expect(monitor).toMatchObject({ kind: 'http', active: true, frequency: '1m' });
    expect(monitor.assertions[0]).toEqual({ kind: 'statusCode', compare: 'eq', target: 200 });
  }
  // The key must be spelled as Go spells it; the service sends it so too.
  const headerKeys = Object.values(monitors).flatMap(({ assertions }) =>
    assertions.flatMap(({ key }) => (key === undefined ? [] : [key])),
  );
  expect(new Set(headerKeys)).toEqual(new Set(['X-Snapshot-State']));
});
