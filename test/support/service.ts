import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { eventually } from './eventually.js';
import type { Patience } from './eventually.js';
import { freePort } from './free-port.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** One public answer about a component with what its headers say. */
export interface StatusAnswer {
  readonly code: number;
  readonly status: string;
  readonly live_pullers: number;
  readonly backlog: number;
  readonly in_flight: number;
  readonly oldest_unacked_seconds: number;
  readonly detail: string;
  /** X-Snapshot-State */
  readonly state: string;
  /** X-Snapshot-Age in seconds; NaN when there is none. */
  readonly age: number;
}

/** The built program as a process of its own. */
export interface RunningService {
  readonly url: string;
  readonly adminUrl: string;
  readonly pid: number;
  /** All that it wrote so far. */
  output(): string;
  status(component: string): Promise<StatusAnswer>;
  /** Waits for an answer that fits; tells the last one when none does in time. */
  until(
    component: string,
    fits: (answer: StatusAnswer) => boolean,
    patience?: Patience,
  ): Promise<StatusAnswer>;
  /** `/debug/consumers`. */
  debug(): Promise<unknown>;
  /** Writes another configuration and sends SIGHUP. */
  reload(config: object): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** Another program that takes the same arguments and says the same first line. */
  readonly main?: string;
}

/**
 * Starts the service with a configuration as an object; ports are random unless it names others. A file as text stays
 * as it is: the environment sets the ports.
 */
export async function startService(
  config: object | string,
  { env = {}, nodeArgs = [], main = MAIN }: ServiceOptions = {},
): Promise<RunningService> {
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-'));
  const file = join(folder, 'config.yaml');
  const write = (value: object | string): Promise<void> =>
    writeFile(
      file,
      typeof value === 'string' ? value : stringify({ ...withRandomPorts(adminPort), ...value }),
    );
  // Port 0 would turn the admin listener off.
  const adminPort = await freePort();
  const ports = { HOST: '127.0.0.1', PORT: '0', ADMIN_HOST: '127.0.0.1', ADMIN_PORT: String(adminPort) };
  await write(config);
  const child = spawn(process.execPath, [...nodeArgs, main, 'serve', '--config', file], {
    env: { ...process.env, ...(typeof config === 'string' && ports), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const { url, admin_url: adminUrl } = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`the service ended at once: ${output()}`);
    const line = output().split('\n', 1)[0] ?? '';
    return output().includes('\n') ? (JSON.parse(line) as { url: string; admin_url: string }) : undefined;
  }).catch(async (error: unknown) => {
    // Nobody else could end it.
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw error;
  });

  const status = async (component: string): Promise<StatusAnswer> => {
    const response = await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/api/v2/status/${component}`);
    const body = (await response.json()) as Omit<StatusAnswer, 'code' | 'state' | 'age'>;
    return {
      ...body,
      code: response.status,
      state: response.headers.get('x-snapshot-state') ?? '',
      age: Number(response.headers.get('x-snapshot-age') ?? NaN),
    };
  };
  return {
    url,
    adminUrl,
    pid: child.pid ?? 0,
    output,
    status,
    async until(component, fits, patience) {
      let last: StatusAnswer | undefined;
      try {
        return await eventually(
          async () => {
            last = await status(component);
            return fits(last) ? last : undefined;
          },
          { everyMs: 50, ...patience },
        );
      } catch (error) {
        throw new Error(`last answer: ${JSON.stringify(last)}`, { cause: error });
      }
    },
    debug: async () => (await fetch(`${adminUrl}/debug/consumers`)).json(),
    async reload(changed) {
      await write(changed);
      child.kill('SIGHUP');
    },
    signal(signal) {
      child.kill(signal);
    },
    async stop(signal = 'SIGTERM') {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill(signal);
      await ended;
      await rm(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

function withRandomPorts(adminPort: number): object {
  return { http: { host: '127.0.0.1', port: 0 }, admin: { host: '127.0.0.1', port: adminPort } };
}

function collect(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => chunks.push(chunk));
  }
  return () => chunks.join('');
}
