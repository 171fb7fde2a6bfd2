import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

export interface NatsServerOptions {
  readonly bin: string;
  /** Default: one that is free. */
  readonly port?: number | undefined;
  /** Lines of a configuration file beside the store, the port and JetStream itself. */
  readonly config?: string;
  readonly jetstream?: boolean;
  /** Its JetStream domain. */
  readonly domain?: string;
}

/** A real nats-server on a random port of the loopback, with a store of its own. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Writes another configuration and makes the server read it. */
  reload(config: string): void;
  signal(signal: NodeJS.Signals): void;
  /** Ends it with the signal and waits for that; the store stays. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port with the same store, with another binary or configuration when given. */
  restart(options?: Partial<NatsServerOptions>): Promise<void>;
  /** Ends it and removes everything. */
  stop(): Promise<void>;
}

export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nats-server-'));
  let settings = options;
  let running = await launch(folder, settings, options.port ?? (await freePort()));
  const { port } = running;

  const kill = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // A stopped process takes no other signal than this one before it goes on.
    child.kill(signal);
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    await ended;
  };
  return {
    url: `nats://127.0.0.1:${String(port)}`,
    port,
    get pid() {
      return running.child.pid ?? 0;
    },
    reload(config) {
      settings = { ...settings, config };
      void writeConfig(folder, settings, port).then(() => running.child.kill('SIGHUP'));
    },
    signal(signal) {
      running.child.kill(signal);
    },
    kill,
    async restart(changes = {}) {
      await kill();
      settings = { ...settings, ...changes };
      running = await launch(folder, settings, port);
    },
    async stop() {
      await kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(
  folder: string,
  settings: NatsServerOptions,
  port: number,
): Promise<{ child: ChildProcess; port: number }> {
  const config = await writeConfig(folder, settings, port);
  const before = await readdir(folder);
  await Promise.all(before.filter((name) => name.endsWith('.ports')).map((name) => rm(join(folder, name))));
  const log = await open(join(folder, 'log'), 'w');
  const child = spawn(settings.bin, ['-c', config], { stdio: ['ignore', 'ignore', log.fd] });
  await log.close();
  const opened = await eventually(async () => {
    if (child.exitCode !== null) {
      const said = (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n').at(-1);
      throw new Error(`nats-server ended with ${String(child.exitCode)}: ${said ?? ''}`);
    }
    const text = await readFile(join(folder, `nats-server_${String(child.pid)}.ports`), 'utf8').catch(
      () => '',
    );
    // With TLS it is a tls:// one.
    return /"nats":\s*\["\w+:\/\/[^"]*:(\d+)"/.exec(text)?.[1];
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return { child, port: Number(opened) };
}

async function writeConfig(
  folder: string,
  { config = '', jetstream = true, domain }: NatsServerOptions,
  port: number,
): Promise<string> {
  const path = join(folder, 'nats-server.conf');
  const named = domain === undefined ? '' : `, domain: ${domain}`;
  const store = jetstream ? `jetstream: { store_dir: "${join(folder, 'store')}"${named} }` : '';
  await writeFile(
    path,
    `listen: "127.0.0.1:${String(port)}"\nports_file_dir: "${folder}"\n${store}\n${config}\n`,
  );
  return path;
}
