/** Spread over so many streams, one component each. */
export const STREAMS = 10;
/** One consumer in ten has a message to work on. */
export const ONE_BUSY_IN = 10;

/** @param {number} index */
export const streamName = (index) => `S${index}`;

/**
 * Streams with consumers that each want a subject of their own.
 *
 * @param {string} url
 * @param {{ consumers: number, replicas?: number }} size
 */
export async function createConsumers(url, { consumers, replicas = 1 }) {
  const { connect } = await import('nats');
  const connection = await connect({ servers: url, noAsyncTraces: true });
  const manager = await connection.jetstreamManager({ timeout: 30_000 });
  for (let stream = 0; stream < STREAMS; stream++) {
    await manager.streams.add({
      name: streamName(stream),
      subjects: [`s${stream}.>`],
      storage: /** @type {import('nats').StorageType} */ ('memory'),
      num_replicas: replicas,
      // From 2.15 on a stream without a limit takes 1,000 at most.
      max_consumers: Math.max(1, consumers),
    });
  }
  let next = 0;
  const create = async () => {
    while (next < consumers) {
      const index = next++;
      await manager.consumers.add(streamName(index % STREAMS), {
        durable_name: `c${index}`,
        filter_subject: subjectOf(index),
        ack_policy: /** @type {import('nats').AckPolicy} */ ('explicit'),
      });
    }
  };
  await Promise.all(Array.from({ length: 32 }, create));
  await connection.close();
}

/**
 * Takes all messages away and gives one of so many bytes to each busy consumer.
 *
 * @param {string} url @param {{ consumers: number, bytes: number }} work
 * @returns {Promise<number>} how many consumers are busy now
 */
export async function makeBusy(url, { consumers, bytes }) {
  const { connect } = await import('nats');
  const connection = await connect({ servers: url, noAsyncTraces: true });
  const manager = await connection.jetstreamManager({ timeout: 30_000 });
  for (let stream = 0; stream < STREAMS; stream++) await manager.streams.purge(streamName(stream));
  const jetstream = connection.jetstream({ timeout: 30_000 });
  const payload = new Uint8Array(bytes);
  let busy = 0;
  // Not every tenth: that would be all consumers of one stream.
  for (let index = 0; index < consumers; index++) {
    if (Math.floor(index / STREAMS) % ONE_BUSY_IN !== (index % STREAMS) % ONE_BUSY_IN) continue;
    await jetstream.publish(subjectOf(index), payload);
    busy++;
  }
  await connection.close();
  return busy;
}

/** All consumers of a stream in one line. @param {number} stream */
export function allConsumersOf(stream) {
  return [{ stream: streamName(stream), consumer: 'c*' }];
}

/** Each consumer by its name. @param {number} stream @param {number} consumers in all streams together */
export function consumersOf(stream, consumers) {
  return Array.from({ length: consumers }, (_, index) => index)
    .filter((index) => index % STREAMS === stream)
    .map((index) => ({ stream: streamName(stream), consumer: `c${index}` }));
}

/** @param {number} index */
function subjectOf(index) {
  return `s${index % STREAMS}.${index}`;
}
