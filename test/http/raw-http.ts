import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly code: number;
  /** In the order they came, names as they were spelled. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** A client that sends any bytes and reads answers one by one; every wait has a bound. */
export class RawClient {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.#ended = true;
    });
  }

  /** What came and was not read yet. */
  get unread(): string {
    return this.#received.toString('latin1');
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  async answer({ toHead = false, withinMs = 3000 } = {}): Promise<RawAnswer> {
    const read = (): RawAnswer | undefined => {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end === -1) return undefined;
      const parsed = parseHead(this.#received.subarray(0, end).toString('latin1'));
      const bodyless = toHead || parsed.code < 200 || parsed.code === 204 || parsed.code === 304;
      const length = bodyless ? 0 : Number(parsed.header('content-length') ?? 0);
      const bodyStart = end + 4;
      if (this.#received.length < bodyStart + length) return undefined;
      const body = this.#received.subarray(bodyStart, bodyStart + length).toString('utf8');
      this.#received = this.#received.subarray(bodyStart + length);
      return { ...parsed, body };
    };
    return this.#until(read, withinMs, 'an answer');
  }

  async closed({ withinMs = 3000 } = {}): Promise<void> {
    await this.#until(() => (this.#ended ? true : undefined), withinMs, 'the end of the connection');
  }

  /** A second exchange on the same connection shows that it was kept open. */
  async isOpen(): Promise<boolean> {
    this.send('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    try {
      return (await this.answer()).code === 200;
    } catch {
      return false;
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  async #until<T>(read: () => T | undefined, withinMs: number, what: string): Promise<T> {
    const late = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = read();
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`the connection ended before ${what}; unread: ${this.unread}`);
      if (late.aborted) throw new Error(`not within ${String(withinMs)} ms: ${what}; unread: ${this.unread}`);
      await this.#somethingHappens(late);
    }
  }

  async #somethingHappens(late: AbortSignal): Promise<void> {
    let done = (): void => undefined;
    const happened = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.socket.once('data', done).once('close', done);
    late.addEventListener('abort', done, { once: true });
    await happened;
    this.socket.off('data', done).off('close', done);
    late.removeEventListener('abort', done);
  }
}

/** One request on a connection of its own. */
export async function exchange(port: number, text: string): Promise<RawAnswer> {
  const client = new RawClient(port);
  try {
    client.send(text);
    return await client.answer({ toHead: text.startsWith('HEAD') });
  } finally {
    client.destroy();
  }
}

/** A plain request; `headers` are whole lines. */
export function requestText(method: string, target: string, headers: readonly string[] = []): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: status.example.com', ...headers, '', ''].join('\r\n');
}

function parseHead(head: string): Omit<RawAnswer, 'body'> {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return {
    code: Number(statusLine.split(' ')[1]),
    headers,
    header: (name) => headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1],
  };
}
