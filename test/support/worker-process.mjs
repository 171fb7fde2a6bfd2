// A worker as people write them, as a process of its own: node worker-process.mjs URL STREAM CONSUMER STYLE WORK_MS WORKING_MS
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';

const [url = '', stream = '', name = '', style = '', work = '', working = ''] = process.argv.slice(2);
const workMs = Number(work);
/** 0: never says that it is still at it. */
const workingMs = Number(working);

// Its consumer was deleted, say: the client throws that where nobody can catch it, and a worker ends, as it would.
process.on('uncaughtException', ({ message }) => {
  process.stderr.write(`a worker ends: ${message}\n`);
  process.exit(1);
});

const connection = await connect({ servers: url, maxReconnectAttempts: -1, waitOnFirstConnect: true });
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

const ACK = Buffer.from('+ACK');
const PROGRESS = Buffer.from('+WPI');

/** @param {{ ack(): void, working(): void }} message */
async function handle(message) {
  const progress = workingMs > 0 ? setInterval(() => message.working(), workingMs) : undefined;
  await sleep(workMs);
  clearInterval(progress);
  message.ack();
}

/** @type {Record<string, () => Promise<void>>} */
const STYLES = {
  async consume() {
    for await (const message of await (await consumer()).consume()) await handle(message);
  },
  async 'consume one'() {
    for await (const message of await (await consumer()).consume({ max_messages: 1 })) await handle(message);
  },
  async fetch() {
    for (;;) {
      const batch = await (await consumer()).fetch({ max_messages: 5, expires: 2000 });
      for await (const message of batch) await handle(message);
    }
  },
  async next() {
    const pulled = await consumer();
    for (;;) {
      const message = await pulled.next({ expires: 2000 });
      if (message !== null) await handle(message);
    }
  },
  async push() {
    await subscribe();
  },
  async queue() {
    await Promise.all([subscribe('workers'), subscribe('workers'), subscribe('workers')]);
  },
};

function consumer() {
  return connection.jetstream().consumers.get(stream, name);
}

/** @param {string} [queue] */
async function subscribe(queue) {
  const jsm = await connection.jetstreamManager();
  const { config } = await jsm.consumers.info(stream, name);
  const subscription = connection.subscribe(
    config.deliver_subject ?? '',
    queue === undefined ? {} : { queue },
  );
  for await (const message of subscription) {
    await handle({ ack: () => message.respond(ACK), working: () => message.respond(PROGRESS) });
  }
}

await STYLES[style]?.();
