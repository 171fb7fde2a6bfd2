import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { PublicSetup } from '../http/public-setup.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The shipped configuration with environment variables over it. */
export async function shippedConfig(env: Readonly<Record<string, string>> = {}): Promise<Config> {
  const options = { configPath: 'config/default.yaml', env, cwd: ROOT };
  return (await loadConfig(options, { checkFiles: false })).config;
}

/** What the service can say about `infra`, and what a monitor has to make of it. */
export const SITUATIONS: readonly {
  readonly name: string;
  readonly prepare: (setup: PublicSetup) => void;
  readonly isUp: boolean;
  readonly isNotDown: boolean;
  /** There never were any figures. */
  readonly isUnknown?: boolean;
}[] = [
  { name: 'up', prepare: after('up', 0), isUp: true, isNotDown: true },
  { name: 'degraded', prepare: after('degraded', 0), isUp: false, isNotDown: true },
  { name: 'down', prepare: after('down', 0), isUp: false, isNotDown: false },
  { name: 'up once, with old figures', prepare: after('up', 20_000), isUp: false, isNotDown: true },
  { name: 'up once, with figures too old', prepare: after('up', 70_000), isUp: false, isNotDown: false },
  { name: 'not known yet', prepare: () => undefined, isUp: false, isNotDown: true, isUnknown: true },
  {
    name: 'never known',
    prepare(setup) {
      setup.time = 20_000;
    },
    isUp: false,
    isNotDown: false,
    isUnknown: true,
  },
];

function after(status: 'up' | 'degraded' | 'down', ageMs: number): (setup: PublicSetup) => void {
  return (setup) => {
    setup.put('infra', { status, detail: status === 'up' ? '' : 'no live pullers' });
    setup.time += ageMs;
  };
}

/** One answer, as tools see it. */
export interface Answer {
  readonly code: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function ask(url: string): Promise<Answer> {
  const response = await fetch(url);
  return { code: response.status, headers: response.headers, text: await response.text() };
}

/** Pages of proxies and of other services: code 200, and neither up nor anything else. */
export const OTHER_PAGES: readonly Answer[] = [
  { code: 200, headers: new Headers(), text: '' },
  { code: 200, headers: new Headers(), text: '<html><body>It works!</body></html>' },
  { code: 502, headers: new Headers(), text: 'Bad Gateway' },
];
