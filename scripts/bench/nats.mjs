import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOf, endChild } from './processes.mjs';

/** @typedef {{ messagesIn: number, messagesOut: number, bytesIn: number, bytesOut: number }} Traffic seen by the server */

/**
 * A nats-server on random ports of the loopback, with its monitoring port.
 *
 * @param {string} program
 * @param {string} [config] further lines
 * @param {{ port?: number }} [options]
 */
export async function startNats(program, config = '', { port = -1 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-bench-'));
  const file = join(folder, 'nats.conf');
  await writeFile(
    file,
    `listen: "127.0.0.1:${String(port)}"\nhttp: "127.0.0.1:-1"\nports_file_dir: "${folder}"
jetstream: { store_dir: "${join(folder, 'store')}", max_mem: 4GB, max_file: 8GB }\n${config}\n`,
  );
  let child = spawn(program, ['-c', file], { stdio: 'ignore' });
  const { nats, monitoring } = await portsOf(child, folder);
  return {
    url: nats,
    get child() {
      return child;
    },
    cpuMs: () => cpuMsOf(child.pid ?? 0) ?? 0,
    /** @returns {Promise<Traffic>} */
    async traffic() {
      const answer = await fetch(`${monitoring}/varz`);
      const { in_msgs, out_msgs, in_bytes, out_bytes } =
        /** @type {{ [name in 'in_msgs' | 'out_msgs' | 'in_bytes' | 'out_bytes']: number }} */ (
          await answer.json()
        );
      return { messagesIn: in_msgs, messagesOut: out_msgs, bytesIn: in_bytes, bytesOut: out_bytes };
    },
    /** On the same port when it was given one. */
    async restart() {
      await endChild(child);
      child = spawn(program, ['-c', file], { stdio: 'ignore' });
    },
    async stop() {
      await endChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param {import('node:child_process').ChildProcess} child @param {string} folder */
async function portsOf(child, folder) {
  for (let tries = 0; tries < 500 && child.exitCode === null; tries++) {
    const name = (await readdir(folder)).find((entry) => entry.endsWith('.ports'));
    const text = name === undefined ? '' : await readFile(join(folder, name), 'utf8');
    const nats = /nats:\/\/[^"]+/.exec(text)?.[0];
    const monitoring = /http:\/\/[^"]+/.exec(text)?.[0];
    if (nats !== undefined && monitoring !== undefined) return { nats, monitoring };
    await sleep(20);
  }
  throw new Error('nats-server did not start');
}
