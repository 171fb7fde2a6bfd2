import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOf, endChild } from '../../processes.mjs';

/**
 * nginx with one worker, serving the bodies as files with the same headers, where it is installed. Its age stands
 * still, and its ETag is its own: it is here to show how far Node is from a server in C.
 *
 * @param {readonly import('./listen.mjs').PeerAnswer[]} answers
 */
export async function startNginx(answers) {
  const program = ['nginx', '/usr/sbin/nginx'].find((name) => spawnSync(name, ['-v']).status === 0);
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'jetstream-status-nginx-'));
  const port = await freePort();
  const locations = [];
  for (const { target, headers, body } of new Map(answers.map((one) => [one.target, one])).values()) {
    if (target.includes('?') || target === '/') continue;
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await writeFile(join(folder, `${target}.body`), body);
    const lines = headers.flatMap((name, at) =>
      at % 2 === 1 || /^(content-type|content-length|etag)$/i.test(name)
        ? []
        : [`add_header ${name} ${JSON.stringify(headers[at + 1])} always;`],
    );
    locations.push(`location = ${target} {
      default_type "application/json; charset=utf-8"; types {}
      try_files ${target}.body =404; ${lines.join(' ')}
    }`);
  }
  const config = join(folder, 'nginx.conf');
  await writeFile(
    config,
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log crit;
    events { worker_connections 256; }
    http {
      access_log off; keepalive_requests 1000; keepalive_timeout 65; open_file_cache max=16; etag on;
      client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
      uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
      server { listen 127.0.0.1:${String(port)}; root ${folder}; ${locations.join('\n')} }
    }`,
  );
  // Only its own user could read the folder if it changed to another.
  const child = spawn(program, ['-c', config, '-e', join(folder, 'error.log'), '-g', `user ${userName()};`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const worker = await workerOf(child.pid ?? 0);
  return {
    port,
    cpuMs: async () => (worker === undefined ? undefined : cpuMsOf(worker)),
    age: async () => undefined,
    async stop() {
      await endChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param {number} pid of the master */
async function workerOf(pid) {
  for (let tries = 0; tries < 100; tries++) {
    const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').catch(
      () => '',
    );
    const [first] = children.trim().split(' ');
    if (first !== undefined && first !== '') return Number(first);
    await sleep(20);
  }
  return undefined;
}

function userName() {
  return process.getuid?.() === 0 ? 'root' : (process.env.USER ?? 'nobody');
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
