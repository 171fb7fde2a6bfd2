// node --expose-gc --import report-process.mjs: on SIGUSR2 writes what the process holds as one line of JSON to the file
// SOAK_REPORT, after full garbage collections.
import { appendFileSync } from 'node:fs';
import { getHeapCodeStatistics } from 'node:v8';

const file = process.env.SOAK_REPORT ?? '';
let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled += 1;
});

process.on('SIGUSR2', () => {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const code = getHeapCodeStatistics();
  const resources = process.getActiveResourcesInfo();
  const count = (/** @type {RegExp} */ kind) => resources.filter((name) => kind.test(name)).length;
  const held = {
    rss,
    memory: heapUsed + external,
    code: code.code_and_metadata_size + code.bytecode_and_metadata_size,
    handles: resources.length,
    sockets: count(/^TCPSocketWrap|TLSWrap/),
    timers: count(/^Timeout/),
    unhandled,
  };
  appendFileSync(file, `${JSON.stringify(held)}\n`);
});
