import { connect } from 'node:net';
import type { Random } from '../support/random.js';
import { createRandom } from '../support/random.js';

export interface HttpFuzzOptions {
  readonly port: number;
  readonly count: number;
  readonly seed: number;
  /** A probe that must succeed after every so many. */
  readonly probe: () => Promise<void>;
  readonly onProgress?: (done: number) => void;
}

export interface HttpFuzzReport {
  readonly requests: number;
  /** How often each code was answered. */
  readonly codes: ReadonlyMap<number, number>;
  /** Connections that ended without any answer. */
  readonly unanswered: number;
  readonly slowestMs: number;
  readonly violations: readonly string[];
}

/** What may be answered to whatever comes; 100 goes before another one. */
const DOCUMENTED = new Set([100, 200, 204, 304, 400, 404, 405, 408, 413, 417, 431]);
/** Longer than the header timeout and the request timeout, with the interval in which they are looked at. */
const HANGS_AFTER_MS = 11_000;
const AT_ONCE = 64;
const PROBE_EVERY = 1000;
/** One connection in so many is left open by the client, to see who closes it. */
const LEFT_OPEN = 500;
/** Stands in what is sent and must not come back. */
const CANARY = 'c4n4ry';

const PATHS = [
  '/api/v2/status/infra',
  '/api/v2/status',
  '/api/v2/status?strict',
  '/api/v2/status/infra?strict=1&x=y',
  ...['/api/v2/summary.json', '/api/v2/status.json', '/api/v2/components.json', '/openapi.json', '/'],
  ...['/api/v2/status/infra/history', '/api/v2/status/infra/badge.svg', '/api/v2/status/infra/badge.json'],
  ...['/livez', '/readyz', '/metrics', '/debug/consumers', '*', '//', '/%', '/%00', '/..', `/${CANARY}`],
  ...['/api/v2/status/__proto__', '/api/v2/status/infra/', 'http://[::1', `http://${CANARY}/livez`],
];
const METHODS = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'TRACE',
  'PROPFIND',
];
const BAD_METHODS = ['CONNECT', 'QUERY', 'get', CANARY, ''];
const HEADERS = [
  ...['Connection: close', 'Connection: keep-alive, Upgrade', 'Upgrade: websocket', 'Expect: 100-continue'],
  ...[`Expect: ${CANARY}`, 'Content-Length: 5', 'Transfer-Encoding: chunked', 'If-None-Match: *'],
  ...['If-None-Match: W/"x", "y"', 'Range: bytes=0-1', 'Accept: application/xml', 'Accept-Encoding: br;q=0'],
  ...['Cache-Control: no-cache', `Cookie: a=${CANARY}`, `X-Forwarded-Host: ${CANARY}`],
  ...[`Origin: https://${CANARY}.example`, 'Access-Control-Request-Method: GET', 'Cache-Control:'],
];
const BAD_HEADERS = [
  ...['Host: y', 'Host:', 'Host: a b', 'Content-Length: -1', 'Content-Length: 1e9', ' folded', ': none'],
  ...['Transfer-Encoding: identity', `X: ${'y'.repeat(9000)}`, 'A\u0000B: c', CANARY],
];
const TAILS = [
  '',
  '',
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n',
  '\u0000'.repeat(64),
];
const BAD_VERSIONS = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1.1', ''];
const BYTES = [
  '\r',
  '\n',
  '\r\n',
  '\u0000',
  ' ',
  '\t',
  ':',
  '%',
  '/',
  '\u00ff',
  '?',
  '#',
  '\u007f',
  '0',
  'A',
];

/** Sends mutated requests on raw sockets, each on its own. Never rejects. */
export async function fuzzHttp({
  port,
  count,
  seed,
  probe,
  onProgress,
}: HttpFuzzOptions): Promise<HttpFuzzReport> {
  const random = createRandom(seed);
  const codes = new Map<number, number>();
  const violations: string[] = [];
  let unanswered = 0;
  let slowestMs = 0;

  const one = async (): Promise<void> => {
    const request = mutatedRequest(random);
    const { answer, tookMs, isOpen } = await exchange(port, request, random.below(LEFT_OPEN) === 0);
    slowestMs = Math.max(slowestMs, tookMs);
    const answered = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code));
    if (answered.length === 0) unanswered += 1;
    for (const code of answered) codes.set(code, (codes.get(code) ?? 0) + 1);
    const wrong = answered.filter((code) => !DOCUMENTED.has(code));
    if (wrong.length > 0) violations.push(`${wrong.join(', ')} to ${JSON.stringify(request)}`);
    if (answer.includes(CANARY)) violations.push(`reflected: ${JSON.stringify(request)}`);
    if (isOpen) violations.push(`still open after ${String(HANGS_AFTER_MS)} ms: ${JSON.stringify(request)}`);
  };

  for (let done = 0; done < count && violations.length < 10; done += PROBE_EVERY) {
    const many = Math.min(PROBE_EVERY, count - done);
    let left = many;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await one();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await probe().catch((error: unknown) => {
      violations.push(`the probe after ${String(done + many)} requests: ${String(error)}`);
    });
    onProgress?.(done + many);
  }
  return { requests: count, codes, unanswered, slowestMs, violations };
}

/** @param leaveOpen does not tell the server that nothing more will come */
async function exchange(
  port: number,
  request: string,
  leaveOpen: boolean,
): Promise<{ answer: string; tookMs: number; isOpen: boolean }> {
  const startedAt = performance.now();
  return await new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    // An answered connection that is kept open is no hang.
    const late = setTimeout(() => {
      finish(!answer.includes('HTTP/1.1 '));
    }, HANGS_AFTER_MS);
    const finish = (isOpen: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      resolve({ answer, tookMs: performance.now() - startedAt, isOpen });
    };
    socket.on('error', () => {
      finish(false);
    });
    socket.on('close', () => {
      finish(false);
    });
    socket.on('end', () => {
      finish(false);
    });
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.write(request, 'latin1');
    if (!leaveOpen) socket.end();
  });
}

/** Mostly right, so that most of it is reached; each part is wrong in one of so many. */
const WRONG = 15;

function mutatedRequest(random: Random): string {
  const either = (right: readonly string[], wrong: readonly string[]): string =>
    random.pick(random.below(WRONG) === 0 ? wrong : right);
  const headers = Array.from({ length: random.below(5) }, () => either(HEADERS, BAD_HEADERS));
  if (random.below(WRONG) > 0) headers.push(`Host: ${random.pick(['status.example.com', CANARY])}`);
  if (random.below(400) === 0) {
    headers.push(...Array.from({ length: 500 }, (_, i) => `X-${String(i)}: ${CANARY}`));
  }
  const start = `${either(METHODS, BAD_METHODS)} ${random.pick(PATHS)} ${either(['HTTP/1.1'], BAD_VERSIONS)}`;
  let text = `${[start, ...headers].join('\r\n')}\r\n\r\n${random.pick(TAILS)}`;
  if (random.next() < 0.5) {
    const times = 1 + random.below(3);
    for (let i = 0; i < times; i++) text = mutated(text, random);
  }
  return text;
}

function mutated(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + random.pick(BYTES) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.below(8));
    case 2:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    default: {
      const piece = text.slice(at, at + random.below(200));
      return text.slice(0, at) + piece.repeat(1 + random.below(3)) + text.slice(at);
    }
  }
}
