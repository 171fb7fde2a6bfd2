// What one writes first: every request asks NATS about the consumers of the component, and looks for no oldest
// message. Takes the URL of NATS and the consumers as `STREAM.consumer` from the command line.
import { createServer } from 'node:http';
import { connect } from 'nats';
import { listen } from './listen.mjs';

const [url = '', ...consumers] = process.argv.slice(2);
const connection = await connect({ servers: url, noAsyncTraces: true });

listen(([answer]) => {
  if (answer === undefined) throw new Error('there is nothing to answer');
  const extra = Object.fromEntries(
    answer.headers.flatMap((name, at) =>
      at % 2 === 0 && !/^(content-length|x-snapshot-age)$/i.test(name)
        ? [[name, answer.headers[at + 1] ?? '']]
        : [],
    ),
  );
  return createServer(async (_, res) => {
    const asked = performance.now();
    const infos = await Promise.all(
      consumers.map(async (consumer) => {
        const reply = await connection.request(`$JS.API.CONSUMER.INFO.${consumer}`, '', { timeout: 2000 });
        return /** @type {any} */ (reply.json());
      }),
    );
    const pullers = infos.reduce((sum, { num_waiting: waiting }) => sum + waiting, 0);
    const body = JSON.stringify({
      status: 'up',
      live_pullers: pullers,
      backlog: Math.max(...infos.map(({ num_pending: pending }) => pending)),
      in_flight: Math.max(...infos.map(({ num_ack_pending: pending }) => pending)),
      oldest_unacked_seconds: 0,
      detail: '',
    });
    res.writeHead(200, {
      ...extra,
      'Content-Length': Buffer.byteLength(body),
      'X-Snapshot-Age': ((performance.now() - asked) / 1000).toFixed(3),
    });
    res.end(body);
  });
});
