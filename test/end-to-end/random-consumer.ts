import { createInbox, StringCodec } from 'nats';
import type { NatsConnection } from 'nats';
import { parseServerTime } from '../../src/jetstream/server-time.js';
import { eventually } from '../support/eventually.js';
import type { Random } from '../support/random.js';

/** A message as the test itself published it. */
interface Published {
  readonly seq: number;
  readonly subject: string;
  /** Nanoseconds since the epoch, as the server stored it. */
  readonly time: bigint;
}

/** Not `last_per_subject`: where that began cannot be known, and each version counts it in another way. */
const POLICIES = ['all', 'new', 'last', 'by_start_sequence', 'by_start_time'] as const;
export type DeliverPolicy = (typeof POLICIES)[number];

export interface RandomConsumer {
  readonly policy: DeliverPolicy;
  readonly filters: readonly string[];
  /** Sequences that are neither acknowledged, terminated nor deleted, ascending: what the test knows. */
  outstanding(): readonly number[];
  /** How many of them were delivered. */
  inFlight(): number;
  /** Does something at random: publish, pull, settle, hand back, delete. */
  step(random: Random): Promise<void>;
  remove(): Promise<void>;
}

const SUBJECTS = ['a', 'b', 'c'];
const codec = StringCodec();

export async function ask(nc: NatsConnection, subject: string, request?: object): Promise<unknown> {
  const payload = request === undefined ? '' : JSON.stringify(request);
  const answer = JSON.parse(codec.decode((await nc.request(`$JS.API.${subject}`, payload)).data)) as {
    error?: { description: string };
  };
  if (answer.error !== undefined) throw new Error(`${subject}: ${answer.error.description}`);
  return answer;
}

/** A stream with messages before and a consumer with a random beginning and random filters. */
export async function createRandomConsumer(
  nc: NatsConnection,
  {
    stream,
    random,
    is29,
    clampsStart,
  }: { stream: string; random: Random; is29: boolean; clampsStart: boolean },
): Promise<RandomConsumer> {
  await ask(nc, `STREAM.CREATE.${stream}`, {
    name: stream,
    subjects: [`${stream}.*`],
    storage: 'file',
    max_consumers: 5,
  });
  const published: Published[] = [];
  const deleted = new Set<number>();
  const settled = new Set<number>();
  /** Reply subjects of messages by their sequences. */
  const delivered = new Map<number, string>();
  let deliveries = 0;

  const publish = async (): Promise<void> => {
    const subject = `${stream}.${SUBJECTS[random.below(SUBJECTS.length)] ?? ''}`;
    const { seq } = JSON.parse(codec.decode((await nc.request(subject, 'x')).data)) as { seq: number };
    const stored = (await ask(nc, `STREAM.MSG.GET.${stream}`, { seq })) as { message: { time: string } };
    published.push({ seq, subject, time: parseServerTime(stored.message.time) ?? 0n });
  };
  /** Not the last one of a subject: 2.9.10 was seen to skip and to miscount pending messages after that. */
  const removable = (): number[] =>
    published.flatMap(({ seq, subject }, index) =>
      !deleted.has(seq) && published.slice(index + 1).some((later) => later.subject === subject) ? [seq] : [],
    );
  const remove = async (seq: number): Promise<void> => {
    await ask(nc, `STREAM.MSG.DELETE.${stream}`, { seq });
    deleted.add(seq);
  };
  const pick = <T>(from: readonly T[]): T | undefined => from[random.below(from.length)];

  for (let count = random.below(8); count > 0; count--) await publish();
  for (const seq of removable()) if (random.below(6) === 0) await remove(seq);

  const chosen = pick(POLICIES) ?? 'all';
  const filters =
    pick([[], [], [`${stream}.a`], is29 ? [`${stream}.b`] : [`${stream}.a`, `${stream}.b`]]) ?? [];
  const matches = ({ subject }: Published): boolean => filters.length === 0 || filters.includes(subject);
  const present = published.filter(({ seq }) => !deleted.has(seq));
  // With several filters a server skips the first message from a start time on when it is another filter's turn.
  const policy = chosen === 'by_start_time' && filters.length > 1 ? 'all' : chosen;
  // Also beyond the end, which older servers take as the end.
  const startSeq = 1 + random.below(published.length + 4);
  // Between two messages: with the very time of one, and with that of a deleted one, servers begin one beside it.
  const startAt = (pick(present)?.time ?? 1000n) - 1000n;
  const lastOf = (candidates: readonly Published[]): number => candidates.at(-1)?.seq ?? Infinity;
  const before = published.length === 0 ? 0 : (published.at(-1)?.seq ?? 0);
  const initially: Record<DeliverPolicy, (message: Published) => boolean> = {
    all: () => true,
    new: () => false,
    last: ({ seq }) => seq === lastOf(present.filter(matches)),
    by_start_sequence: ({ seq }) => seq >= startSeq,
    by_start_time: ({ time }) => time >= startAt,
  };
  const eligible = new Set(present.filter(initially[policy]).map(({ seq }) => seq));
  const wanted = (message: Published): boolean =>
    matches(message) &&
    (message.seq > before
      ? policy !== 'by_start_sequence' || clampsStart || message.seq >= startSeq
      : eligible.has(message.seq));

  await ask(nc, `CONSUMER.DURABLE.CREATE.${stream}.c`, {
    stream_name: stream,
    config: {
      durable_name: 'c',
      ack_policy: 'explicit',
      ack_wait: 600e9,
      deliver_policy: policy,
      ...(policy === 'by_start_sequence' && { opt_start_seq: startSeq }),
      ...(policy === 'by_start_time' && { opt_start_time: rfc3339(startAt) }),
      ...(filters.length === 1 && { filter_subject: filters[0] }),
      ...(filters.length > 1 && { filter_subjects: filters }),
    },
  });

  const outstanding = (): Published[] =>
    published.filter((message) => wanted(message) && !settled.has(message.seq) && !deleted.has(message.seq));
  const inFlight = (): number[] => outstanding().flatMap(({ seq }) => (delivered.has(seq) ? [seq] : []));
  const answer = async (kind: '+ACK' | '-NAK' | '+TERM' | '+WPI'): Promise<void> => {
    const seq = pick(inFlight());
    if (seq === undefined) return;
    await nc.request(delivered.get(seq) ?? '', kind);
    if (kind === '+ACK' || kind === '+TERM') settled.add(seq);
  };
  const steps: (() => Promise<void>)[] = [
    publish,
    publish,
    async () => {
      const messages = await pull(nc, stream, { batch: 1 + random.below(4), before: deliveries, is29 });
      deliveries += messages.length;
      for (const { seq, reply } of messages) delivered.set(seq, reply);
    },
    () => answer('+ACK'),
    () => answer('+ACK'),
    () => answer('+ACK'),
    () => answer(random.below(2) === 0 ? '-NAK' : '+WPI'),
    () => answer('+TERM'),
    async () => {
      const seq = pick(removable());
      if (seq !== undefined) await remove(seq);
    },
  ];
  return {
    policy,
    filters,
    outstanding: () => outstanding().map(({ seq }) => seq),
    inFlight: () => inFlight().length,
    step: async (next) => {
      await steps[next.below(steps.length)]?.();
    },
    remove: async () => {
      await ask(nc, `STREAM.DELETE.${stream}`);
    },
  };
}

interface Delivery {
  readonly seq: number;
  readonly reply: string;
}

/** Takes what comes within 50 ms, up to so many, from a consumer that delivered so often before. */
async function pull(
  nc: NatsConnection,
  stream: string,
  { batch, before, is29 }: { readonly batch: number; readonly before: number; readonly is29: boolean },
): Promise<readonly Delivery[]> {
  const inbox = createInbox();
  const messages: Delivery[] = [];
  let isOver = false;
  const subscription = nc.subscribe(inbox, {
    callback: (_, message) => {
      if (message.reply === undefined || message.reply === '') isOver = true;
      else messages.push({ seq: streamSeqOf(message.reply), reply: message.reply });
    },
  });
  nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.c`, JSON.stringify({ batch, expires: 50e6 }), {
    reply: inbox,
  });
  await eventually(
    async () => {
      if (isOver || messages.length === batch) return true;
      // 2.9 does not always tell the end of a request, but answers questions in their order.
      if (!is29) return undefined;
      const info = (await ask(nc, `CONSUMER.INFO.${stream}.c`)) as {
        num_waiting: number;
        delivered: { consumer_seq: number };
      };
      const isAllHere = info.delivered.consumer_seq === before + messages.length;
      return info.num_waiting === 0 && isAllHere ? true : undefined;
    },
    { everyMs: 10 },
  );
  subscription.unsubscribe();
  return messages;
}

/** `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>` */
function streamSeqOf(reply: string): number {
  return Number(reply.split('.')[5]);
}

function rfc3339(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}
