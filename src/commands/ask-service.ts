import type { HttpAnswer, ServiceAnswer } from './service-answer.js';
import { parseServiceAnswer } from './service-answer.js';

/** Ten thousand components are a quarter of this. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** No status could be had. */
export interface NoAnswer {
  readonly component: string | undefined;
  /** One clause for people, without anything that the other side sent. */
  readonly problem: string;
}

export interface Asked {
  readonly answers: readonly ServiceAnswer[];
  readonly failures: readonly NoAnswer[];
}

export interface AskOptions {
  /** Address of the service, without slash at its end. */
  readonly url: string;
  /** Ids; empty: all that there are. */
  readonly components: readonly string[];
  /** For the whole answer, ms. */
  readonly timeoutMs: number;
}

/** Asks a running service once. Never rejects. */
export async function askService({ url, components, timeoutMs }: AskOptions): Promise<Asked> {
  const wanted: readonly (string | undefined)[] = components.length === 0 ? [undefined] : components;
  const asked = await Promise.all(
    wanted.map(async (component): Promise<ServiceAnswer | NoAnswer> => {
      const path = component === undefined ? '' : `/${encodeURIComponent(component)}`;
      try {
        const answer = await get(`${url}/api/v2/status${path}`, timeoutMs);
        const parsed = parseServiceAnswer(answer, component);
        return parsed ?? { component, problem: problemOf(answer, component) };
      } catch (error) {
        return { component, problem: reasonOf(error, timeoutMs) };
      }
    }),
  );
  return {
    answers: asked.filter((one) => 'body' in one),
    failures: asked.filter((one) => 'problem' in one),
  };
}

async function get(url: string, timeoutMs: number): Promise<HttpAnswer> {
  const response = await fetch(url, {
    // A cache on the way would give an old answer.
    headers: { accept: 'application/json', 'cache-control': 'no-cache' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const decoder = new TextDecoder();
  let body = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new TypeError('the answer is too large');
    body += decoder.decode(part, { stream: true });
  }
  return { code: response.status, headers: response.headers, body: body + decoder.decode() };
}

function problemOf({ code, headers }: HttpAnswer, component: string | undefined): string {
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true;
  if (code === 404 && isProblem && component !== undefined) return 'there is no such component';
  return `the answer is not from jetstream-status (code ${String(code)})`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut off',
  UND_ERR_SOCKET: 'the connection was cut off',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the host',
};

/** `fetch` tells what happened in the cause of its error. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Partial<Error>;
  if (name === 'TimeoutError') return `no answer within ${String(timeoutMs / 1000)} s`;
  if (cause === undefined) return message ?? 'the request failed';
  const code = codeOf(cause);
  if (code === undefined) return 'the request failed';
  // What is left: codes of TLS and of the HTTP parser.
  const isNoHttp = code.startsWith('HPE_') || code.includes('WRONG_VERSION');
  return (
    WORDS[code] ??
    (isNoHttp ? `the answer is not HTTP as expected (${code})` : `the request failed (${code})`)
  );
}

/** Of an error, or of the first of several that were tried one after the other. */
function codeOf(cause: unknown): string | undefined {
  const { code, errors } = cause as { code?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
