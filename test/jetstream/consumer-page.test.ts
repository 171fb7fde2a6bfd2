import { describe, expect, test } from '@jest/globals';
import { connect } from 'nats';
import { cutConsumerList, entryAt, pageOf } from '../../src/jetstream/consumer-page.js';
import { listEntry, readListEntries } from '../support/list-entry.js';
import { describeWithNats } from '../support/nats-binaries.js';
import { startNatsServer } from '../support/nats-server.js';

const HEAD = { type: 'io.nats.jetstream.api.v1.consumer_list_response', total: 2, offset: 0, limit: 256 };

function cut(answer: unknown): { rest: unknown; entries: unknown[] } {
  // Somewhere inside a larger buffer, as the client hands it over.
  const bytes = Buffer.from(`before${JSON.stringify(answer)}`).subarray('before'.length);
  const { rest, entries } = cutConsumerList(bytes);
  return { rest, entries: entries.starts.map((_, index) => entryAt(entries, index)) };
}

describe('cutConsumerList', () => {
  test('gives what parsing the whole list would give, for answers of all server versions', async () => {
    const consumers = await readListEntries();
    const { rest, entries } = cut({ ...HEAD, consumers, missing: ['gone'] });
    expect(entries).toEqual(consumers);
    expect(rest).toEqual({ ...HEAD, consumers: [], missing: ['gone'] });
  });

  test.each<[string, unknown]>([
    ['none', { ...HEAD, consumers: [] }],
    ['none, said so', { ...HEAD, consumers: null }],
    ['an error', { error: { code: 404, err_code: 10059, description: 'stream not found' } }],
    ['no object', [1, 2]],
  ])('there is nothing to cut: %s', (_, answer) => {
    expect(cut(answer)).toEqual({ rest: answer, entries: [] });
  });

  test('entries that are written in another order are found as well', () => {
    const consumers = [{ name: 'a', stream_name: 'S' }, null, { name: 'b', stream_name: 'S' }];
    expect(cut({ ...HEAD, consumers }).entries).toEqual([consumers[0], undefined, consumers[2]]);
  });

  test.each<[string, object]>([
    ['metadata that looks like an entry', { stream_name: 'S', name: 'c' }],
    ['metadata that looks like the end of one', { key: '},{"stream_name":"S"' }],
  ])('%s is no entry', (_, metadata) => {
    const config = { ...(listEntry('b').config as object), metadata };
    const consumers = [listEntry('a'), listEntry('b', { config }), listEntry('c')];
    expect(cut({ ...HEAD, consumers }).entries).toEqual(consumers);
  });

  test.each([', ', 'x', ' '])('nothing else than a comma stands between entries: %j', (separator) => {
    const [one, other] = [listEntry('a'), listEntry('b')];
    const text = `{"total":2,"consumers":[${JSON.stringify(one)}${separator}${JSON.stringify(other)}]}`;
    const { rest, entries } = cutConsumerList(Buffer.from(text));
    // Written with a space it is a list as well.
    const isList = separator === ', ';
    expect(rest === undefined).toBe(!isList);
    expect(entries.starts.map((_, index) => entryAt(entries, index))).toEqual(isList ? [one, other] : []);
  });

  test('a broken answer is none', () => {
    const text = JSON.stringify({ ...HEAD, consumers: [listEntry('a'), listEntry('b')] });
    const brokenOff = cutConsumerList(Buffer.from(text.slice(0, -30)));
    expect(brokenOff.rest).toBeUndefined();
    expect(brokenOff.entries.starts).toEqual([]);
  });
});

describeWithNats('cutConsumerList', (binary) => {
  test('cuts what the server writes where it stands', async () => {
    const server = await startNatsServer({ bin: binary.bin });
    try {
      const nc = await connect({ servers: server.url });
      const ask = async (subject: string, body: unknown): Promise<Uint8Array> =>
        (await nc.request(`$JS.API.${subject}`, JSON.stringify(body))).data;
      await ask('STREAM.CREATE.S', { name: 'S', subjects: ['s'] });
      for (const name of ['a', 'b']) {
        const config = { durable_name: name, ack_policy: 'explicit' };
        await ask(`CONSUMER.DURABLE.CREATE.S.${name}`, { stream_name: 'S', config });
      }
      const answer = await ask('CONSUMER.LIST.S', { offset: 0 });
      await nc.close();
      const { entries } = cutConsumerList(answer);
      expect(entries.bytes.buffer).toBe(answer.buffer);
      expect(entries.starts.map((_, index) => entryAt(entries, index)?.name)).toEqual(['a', 'b']);
    } finally {
      await server.stop();
    }
  });
});

describe('pageOf', () => {
  const nothing = cutConsumerList(Buffer.from('{}')).entries;

  test('names those that did not answer, as a list or by their keys', () => {
    const page = pageOf({ total: 3, consumers: [], missing: ['a'], offline: { b: 'why' } }, nothing);
    expect(page).toEqual({ total: 3, entries: nothing, unanswered: ['a', 'b'] });
  });

  test.each([[{}], [{ total: -1 }], [{ total: 1.5 }], [{ total: 1, consumers: {} }]])(
    'without a total or a list it is no page: %j',
    (rest) => {
      expect(pageOf(rest, nothing)).toBeUndefined();
    },
  );
});
