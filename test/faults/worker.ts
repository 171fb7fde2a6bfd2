import type { ConnectionOptions, JsMsg, NatsConnection } from 'nats';
import { connect, createInbox } from 'nats';

/** A worker that asks for work all the time and acknowledges what it gets, whatever happens to the server. */
export interface Worker {
  readonly connection: NatsConnection;
  stop(): Promise<void>;
}

const PULL_EVERY_MS = 400;
const PULL_EXPIRES_NS = 2_000_000_000;

export async function startWorker(
  options: ConnectionOptions,
  consumers: readonly { readonly stream: string; readonly consumer: string }[],
): Promise<Worker> {
  const connection = await connect({
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 50,
    pingInterval: 1000,
    ignoreAuthErrorAbort: true,
    ...options,
  });
  const inbox = createInbox();
  connection.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error === null && message.reply?.startsWith('$JS.ACK') === true) message.respond(ACK);
    },
  });
  const pull = (): void => {
    if (connection.isClosed()) return;
    consumers.forEach(({ stream, consumer }, index) => {
      connection.publish(
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
        JSON.stringify({ batch: 1, expires: PULL_EXPIRES_NS }),
        { reply: `${inbox}.${String(index)}` },
      );
    });
  };
  pull();
  const timer = setInterval(pull, PULL_EVERY_MS);
  return {
    connection,
    async stop() {
      clearInterval(timer);
      await connection.close();
    },
  };
}

const ACK = new TextEncoder().encode('+ACK');

/** So that a test may count on what a default worker does: it pulls again only when the client library does. */
export async function startDefaultWorker(
  options: ConnectionOptions,
  { stream, consumer }: { readonly stream: string; readonly consumer: string },
): Promise<Worker> {
  const connection = await connect({ maxReconnectAttempts: -1, reconnectTimeWait: 100, ...options });
  const messages = await (await connection.jetstream().consumers.get(stream, consumer)).consume();
  void (async () => {
    for await (const message of messages as AsyncIterable<JsMsg>) message.ack();
  })().catch(() => undefined);
  return {
    connection,
    async stop() {
      messages.stop();
      await connection.close();
    },
  };
}
