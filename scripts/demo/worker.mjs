// A worker of the demo: takes one message at a time and acknowledges it when the work is done.
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';

const [url = '', stream = '', consumer = ''] = process.argv.slice(2);
let workMs = 100;
process.on('message', (message) => {
  workMs = Number(message);
});
// Nobody is left to work for.
process.on('disconnect', () => process.exit(0));

const connection = await connect({ servers: url, maxReconnectAttempts: -1 });
const messages = await (
  await connection.jetstream().consumers.get(stream, consumer)
).consume({ max_messages: 1 });
for await (const message of messages) {
  await sleep(workMs);
  message.ack();
}
