import type { NatsConfig } from '../config/config.js';
import type { ConsumerId, ProblemKind } from '../health/consumer-reading.js';
import type { Connection } from './connection.js';
import type { ConsumerPage } from './consumer-page.js';
import { cutConsumerList, pageOf } from './consumer-page.js';
import { countOf, isJsonObject, parseJson } from './json-fields.js';
import type { JsonObject } from './json-fields.js';
import { AbsentError, errorOfApi, problemKindOf, ReadProblem } from './read-problem.js';
import { decodeStoredMessage } from './stored-message.js';
import type { StoredMessage } from './stored-message.js';

export type RequestKind = 'consumer_info' | 'consumer_list' | 'message_get' | 'stream_names';

/** What became of a request. */
export type RequestResult = 'ok' | 'absent' | ProblemKind;

/** The questions of the JetStream API that this program asks. All of them reject with ReadProblem or AbsentError. */
export interface JetStreamApi {
  consumerInfo(id: ConsumerId, timeoutMs: number): Promise<JsonObject>;
  /** One page of a stream's consumers, from `offset` on. */
  consumerList(stream: string, offset: number, timeoutMs: number): Promise<ConsumerPage>;
  /** One page of the account's streams. */
  streamNames(offset: number, timeoutMs: number): Promise<JsonObject>;
  /** The first message at or after `seq` whose subject matches; undefined when there is none. */
  nextMessage(
    stream: string,
    query: { readonly seq: number; readonly filter: string },
    timeoutMs: number,
  ): Promise<{ readonly message: StoredMessage | undefined; readonly bytes: number }>;
}

export interface JetStreamApiDeps {
  readonly connection: Pick<Connection, 'request'>;
  readonly nats: Pick<NatsConfig, 'domain' | 'apiPrefix'>;
  readonly onResult: (kind: RequestKind, result: RequestResult) => void;
}

/** Larger answers about consumers are no answers: parsing one would hold up everything else. */
const MAX_INFO_BYTES = 1024 * 1024;
const NO_MESSAGE_FOUND = 10_037;

export function createJetStreamApi({ connection, nats, onResult }: JetStreamApiDeps): JetStreamApi {
  const prefix = apiPrefix(nats);
  const isElsewhere = nats.domain !== undefined || nats.apiPrefix !== undefined;

  async function ask<T>(
    kind: RequestKind,
    [subject, payload, timeoutMs]: readonly [string, string, number],
    decode: (answer: Uint8Array) => T,
  ): Promise<T> {
    try {
      const decoded = decode(await connection.request(`${prefix}.${subject}`, payload, timeoutMs));
      onResult(kind, 'ok');
      return decoded;
    } catch (error) {
      if (error instanceof AbsentError) {
        onResult(kind, 'absent');
        throw error;
      }
      const problem = problemKindOf(error);
      // Nobody listens to the API of another domain or account: the way there is wrong or closed.
      const told = problem === 'jetstream_off' && isElsewhere ? 'domain_unreachable' : problem;
      onResult(kind, told);
      throw new ReadProblem(told, error);
    }
  }

  return {
    consumerInfo: (id, timeoutMs) =>
      ask('consumer_info', [`CONSUMER.INFO.${id.stream}.${id.consumer}`, '', timeoutMs], decodeAnswer),
    consumerList: (stream, offset, timeoutMs) =>
      ask('consumer_list', [`CONSUMER.LIST.${stream}`, JSON.stringify({ offset }), timeoutMs], decodePage),
    streamNames: (offset, timeoutMs) =>
      ask('stream_names', ['STREAM.NAMES', JSON.stringify({ offset }), timeoutMs], decodeAnswer),
    nextMessage: (stream, { seq, filter }, timeoutMs) =>
      ask(
        'message_get',
        [`STREAM.MSG.GET.${stream}`, JSON.stringify({ seq, next_by_subj: filter }), timeoutMs],
        (answer) => ({ message: decodeMessage(answer), bytes: answer.byteLength }),
      ),
  };
}

function apiPrefix({ domain, apiPrefix: prefix }: Pick<NatsConfig, 'domain' | 'apiPrefix'>): string {
  return domain === undefined ? (prefix ?? '$JS.API') : `$JS.${domain}.API`;
}

function decodeAnswer(answer: Uint8Array): JsonObject {
  if (answer.byteLength > MAX_INFO_BYTES) throw new ReadProblem('malformed');
  return answerOf(parseJson(answer));
}

function decodePage(answer: Uint8Array): ConsumerPage {
  if (answer.byteLength > MAX_INFO_BYTES) throw new ReadProblem('malformed');
  const { rest, entries } = cutConsumerList(answer);
  const page = pageOf(answerOf(rest), entries);
  if (page === undefined) throw new ReadProblem('malformed');
  return page;
}

function answerOf(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new ReadProblem('malformed');
  throwErrorOf(value);
  return value;
}

function decodeMessage(answer: Uint8Array): StoredMessage | undefined {
  const message = decodeStoredMessage(answer);
  if (message !== undefined) return message;
  const value = answer.byteLength > MAX_INFO_BYTES ? undefined : parseJson(answer);
  if (isJsonObject(value)) {
    if (isJsonObject(value.error) && value.error.err_code === NO_MESSAGE_FOUND) return undefined;
    throwErrorOf(value);
  }
  throw new ReadProblem('malformed');
}

function throwErrorOf({ error }: JsonObject): void {
  if (error === undefined) return;
  if (!isJsonObject(error)) throw new ReadProblem('malformed');
  throw errorOfApi({ code: countOf(error.code) ?? 0, errCode: countOf(error.err_code) ?? 0 });
}
