import type {
  ConsumerConfig,
  JetStreamClient,
  JetStreamManager,
  JsMsg,
  NatsConnection,
  StreamConfig,
} from 'nats';
import { AckPolicy, connect, createInbox, headers, JSONCodec } from 'nats';
import { paced } from '../support/pace.js';
import type { StatusAnswer } from '../support/service.js';
import type { RunningService } from '../support/service.js';

/** live_pullers / backlog / in_flight, and the message (1-based) whose age the oldest one is; undefined: none, 0. */
export type Expected = readonly [pullers: number, backlog: number, inFlight: number, oldest?: number];

/** One scenario's own stream `Sn` with subjects `sn.>`, consumer `c` and component `sn`. */
export interface Stage {
  readonly id: string;
  readonly stream: string;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  createStream(changes?: Partial<StreamConfig>): Promise<void>;
  createConsumer(changes?: Partial<ConsumerConfig>, name?: string): Promise<void>;
  /** Publishes `count` messages, at least two seconds after the first ones when there were any. */
  publish(count: number, subject?: string): Promise<void>;
  /** Fetches so many by a raw pull request, and waits for all of them. */
  pull(count: number, name?: string): Promise<JsMsg[]>;
  /** A pull request that stays open; the answer closes its connection. */
  openPull(count?: number, name?: string): Promise<() => Promise<void>>;
  /** Waits until the service says so. */
  expect(expected: Expected, component?: string): Promise<StatusAnswer>;
  readonly service: RunningService;
  /** Further connections, closed at the end. */
  connection(): Promise<NatsConnection>;
}

/** Between the first message and the others, so that their ages tell them apart. */
const APART_MS = 2200;
const AGE_TOLERANCE_SECONDS = 2;

export async function withStage(
  id: string,
  { url, service }: { readonly url: string; readonly service: RunningService },
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  const connections: NatsConnection[] = [];
  const connection = async (): Promise<NatsConnection> => {
    const opened = await connect({ servers: url });
    connections.push(opened);
    return opened;
  };
  const nc = await connection();
  const jsm = await nc.jetstreamManager();
  const js = nc.jetstream();
  const stream = id.toUpperCase();
  const publishedAt: number[] = [];

  const rawPull = (from: NatsConnection, inbox: string, request: object, name: string): void => {
    from.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, JSON.stringify(request), { reply: inbox });
  };
  const stage: Stage = {
    id,
    stream,
    js,
    jsm,
    service,
    connection,
    async createStream(changes = {}) {
      await jsm.streams.add({ name: stream, subjects: [`${id}.>`], ...changes });
    },
    async createConsumer(changes = {}, name = 'c') {
      await jsm.consumers.add(stream, {
        durable_name: name,
        ack_policy: AckPolicy.Explicit,
        ack_wait: 30e9,
        ...changes,
      });
    },
    async publish(count, subject = 'a') {
      for (let i = 0; i < count; i++) {
        if (publishedAt.length === 1) await new Promise((resolve) => setTimeout(resolve, APART_MS));
        await js.publish(`${id}.${subject}`, 'x', { headers: headers() });
        publishedAt.push(performance.now());
      }
    },
    async pull(count, name = 'c') {
      const from = await connection();
      const messages: JsMsg[] = [];
      const consumer = await from.jetstream().consumers.get(stream, name);
      const batch = await consumer.fetch({ max_messages: count, expires: 3000 });
      for await (const message of batch) messages.push(message);
      return messages;
    },
    async openPull(count = 1, name = 'c') {
      const from = await connection();
      const inbox = createInbox();
      from.subscribe(inbox);
      rawPull(from, inbox, { batch: count, expires: 60e9 }, name);
      await from.flush();
      return () => from.close();
    },
    async expect([pullers, backlog, inFlight, oldest], component = id) {
      return await service.until(
        component,
        (answer) => {
          const published = oldest === undefined ? undefined : publishedAt[oldest - 1];
          const age = published === undefined ? 0 : (performance.now() - published) / 1000 - answer.age;
          return (
            answer.live_pullers === pullers &&
            answer.backlog === backlog &&
            answer.in_flight === inFlight &&
            Math.abs(answer.oldest_unacked_seconds + (oldest === undefined ? 0 : 0.5) - age) <=
              (oldest === undefined ? 0 : AGE_TOLERANCE_SECONDS / 2 + 0.1)
          );
        },
        { withinMs: paced(15_000) },
      );
    },
  };
  try {
    await act(stage);
  } finally {
    await Promise.all(connections.map((open) => open.close()));
  }
}

export const json = JSONCodec<Record<string, unknown>>();
