// The load of the bench: its own process with keep-alive connections that each send the next request when the answer
// to the last one is there. Counts requests exactly, which the usual load programs do not.
import { connect } from 'node:net';

/**
 * @typedef {{ port: number, request: string, code: number, connections: number, requests: number, perSecond?: number }}
 *   Load perSecond: sent at that pace instead of as fast as answers come
 * @typedef {object} Outcome latencies in ms
 * @property {number} requests
 * @property {number} wallMs
 * @property {number} perSecond
 * @property {number} p50
 * @property {number} p99
 * @property {number} max
 * @property {number | undefined} roundMs age of the figures in the first answer that had newer ones than the answers
 *   before: how long the round behind them took
 */

process.on('message', (message) => {
  const { id, load } = /** @type {{ id: number, load?: Load }} */ (message);
  if (load === undefined) return;
  run(load).then(
    (answer) => process.send?.({ id, answer }),
    (error) => process.send?.({ id, answer: { error: String(error) } }),
  );
});
process.channel?.ref();
process.send?.({ ready: true });

/** @param {Load} load @returns {Promise<Outcome>} */
async function run(load) {
  const { requests, connections, perSecond = Infinity } = load;
  const latencies = new Float64Array(requests);
  const startedAt = performance.now();
  let started = 0;
  /** @param {() => void} send @param {() => void} done called when nothing is left to send */
  const next = (send, done) => {
    if (started === requests) {
      done();
      return;
    }
    const due = startedAt + (started++ * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) setTimeout(send, wait);
    else send();
  };
  let finished = 0;
  let firstTime = NaN;
  /** @type {number | undefined} */
  let roundMs;
  await Promise.all(
    Array.from({ length: connections }, () =>
      converse(load, next, (ms, head) => {
        latencies[finished++] = ms;
        if (roundMs !== undefined || perSecond === Infinity) return;
        const time = Date.parse(/x-snapshot-time: (\S+)/i.exec(head)?.[1] ?? '');
        if (Number.isNaN(firstTime)) firstTime = time;
        // By less it moves within a round, as one component after the other gets new figures.
        else if (time > firstTime + 500) roundMs = Number(/x-snapshot-age: (\S+)/i.exec(head)?.[1]) * 1000;
      }),
    ),
  );
  const wallMs = performance.now() - startedAt;
  latencies.sort();
  const at = (/** @type {number} */ share) =>
    latencies[Math.min(requests - 1, Math.floor(requests * share))] ?? 0;
  const rate = (requests * 1000) / wallMs;
  return { requests, wallMs, perSecond: rate, p50: at(0.5), p99: at(0.99), max: at(1), roundMs };
}

/**
 * One connection at a time, made anew when the server ends it.
 *
 * @param {Load} load
 * @param {(send: () => void, done: () => void) => void} next
 * @param {(ms: number, head: string) => void} took
 * @returns {Promise<void>}
 */
function converse({ port, request, code }, next, took) {
  const bytes = Buffer.from(request);
  const hasBody = !request.startsWith('HEAD') && code !== 304;
  const firstWords = `HTTP/1.1 ${String(code)} `;
  return new Promise((resolve, reject) => {
    const open = () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let received = '';
      let sentAt = 0;
      let isOver = false;
      const send = () => {
        sentAt = performance.now();
        socket.write(bytes);
      };
      const done = () => {
        isOver = true;
        socket.destroy();
        resolve();
      };
      socket.setEncoding('latin1');
      socket.on('connect', () => next(send, done));
      socket.on('data', (chunk) => {
        received += chunk;
        const end = received.indexOf('\r\n\r\n');
        if (end === -1) return;
        const length = hasBody ? Number(/content-length: *(\d+)/i.exec(received)?.[1]) : 0;
        if (received.length < end + 4 + length) return;
        const ms = performance.now() - sentAt;
        const isWrong = !received.startsWith(firstWords) || received.length !== end + 4 + length;
        const isLast = received.includes('onnection: close', 15);
        const head = received.slice(0, end);
        received = '';
        took(ms, head);
        if (isWrong) {
          isOver = true;
          socket.destroy();
          reject(new Error(`not ${firstWords}but ${head}`));
        } else if (isLast) {
          isOver = true;
          socket.destroy();
          open();
        } else {
          next(send, done);
        }
      });
      socket.on('error', reject);
      socket.on('close', () => {
        if (!isOver) reject(new Error('the connection was closed without an answer'));
      });
    };
    open();
  });
}
