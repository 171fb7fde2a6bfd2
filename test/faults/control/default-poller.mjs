// What one writes first: connect(), setInterval, ages by Date.now(). The fault matrix must be able to tell it from the
// real program; it is no example to follow.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'nats';
import { parse } from 'yaml';

const { nats, poll, components, http } = parse(readFileSync(process.argv.at(-1) ?? '', 'utf8'));
/** @param {string} text */
const seconds = (text) => Number.parseFloat(text) * 1000;
/** @type {Map<string, { status: string, detail: string, at: number }>} */
const answers = new Map();
let ready = false;

/** @param {string} id */
function statusOf(id) {
  const answer = answers.get(id);
  if (answer === undefined)
    return { status: 'degraded', detail: 'status not yet known', state: 'none', age: undefined };
  const age = Date.now() - answer.at;
  if (age > seconds(poll.dead_after)) {
    const old = Math.floor(age / 5000) * 5;
    const detail = `status unknown: no fresh figures for ${old} seconds`;
    return { ...answer, status: 'down', detail, state: 'stale', age };
  }
  if (age > seconds(poll.stale_after)) {
    const old = Math.floor(age / 5000) * 5;
    return { ...answer, status: 'degraded', detail: `figures are ${old} seconds old`, state: 'stale', age };
  }
  return { ...answer, state: 'fresh', age };
}

const server = createServer((req, res) => {
  if (req.url === '/livez') return res.end();
  if (req.url === '/readyz') return res.writeHead(ready ? 200 : 503).end();
  const { age, state, status, detail } = statusOf(req.url?.split('/').at(-1) ?? '');
  res.setHeader('X-Snapshot-State', state);
  if (age !== undefined) res.setHeader('X-Snapshot-Age', (age / 1000).toFixed(3));
  return res.end(
    JSON.stringify({ status, live_pullers: 0, backlog: 0, in_flight: 0, oldest_unacked_seconds: 0, detail }),
  );
});
server.listen(http.port, http.host, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}`;
  console.log(JSON.stringify({ event: 'listening', url, admin_url: url }));
});
setTimeout(() => {
  ready = true;
}, seconds(poll.start_grace));
process.on('SIGTERM', () => process.exit(0));

const nc = await connect({ servers: nats.url.split(','), user: nats.user, pass: nats.password });
const jsm = await nc.jetstreamManager();
setInterval(async () => {
  for (const [id, { consumers }] of /** @type {[string, any][]} */ (Object.entries(components))) {
    try {
      const at = Date.now();
      let waiting = 0;
      for (const { stream, consumer } of consumers)
        waiting += (await jsm.consumers.info(stream, consumer)).num_waiting;
      ready = true;
      answers.set(id, {
        status: waiting > 0 ? 'up' : 'down',
        detail: waiting > 0 ? '' : 'no live pullers',
        at,
      });
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      console.error(message);
      if (/not found/.test(message))
        answers.set(id, { status: 'down', detail: 'consumer missing', at: Date.now() });
    }
  }
}, seconds(poll.every));
