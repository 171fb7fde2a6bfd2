// The reference: the consumer list of each stream, page by page, parsed and counted. Nothing is judged.
import { connect } from 'nats';

const PAGE = 256;
const [url = '', ...streams] = process.argv.slice(2);
const connection = await connect({ servers: url, noAsyncTraces: true });
/** What a poller keeps at least. @type {Map<string, unknown>} */
const known = new Map();

process.on('message', async (message) => {
  const { id, pass } = /** @type {{ id: number, pass?: boolean }} */ (message);
  if (pass === undefined) return;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let requests = 0;
  for (const stream of streams) {
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const answer = await connection.request(`$JS.API.CONSUMER.LIST.${stream}`, JSON.stringify({ offset }), {
        timeout: 10_000,
      });
      requests++;
      const page = /** @type {{ total: number, consumers: { name: string }[] }} */ (answer.json());
      ({ total } = page);
      for (const info of page.consumers) known.set(`${stream} ${info.name}`, info);
    }
  }
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  process.send?.({ id, answer: { wallMs, cpuMs: (user + system) / 1000, requests, consumers: known.size } });
});
process.on('SIGTERM', () => process.exit(0));
process.channel?.ref();
process.send?.({ ready: true });
