import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { eventually } from './eventually.js';
import { paced } from './pace.js';

export interface StatusEvent {
  readonly id: string;
  readonly state: string;
  readonly [key: string]: unknown;
}

/** An open stream of server-sent events. */
export interface EventReader {
  readonly code: number;
  readonly headers: IncomingMessage['headers'];
  /** All that came so far, as it came. */
  text(): string;
  /** The events of it. */
  events(): readonly StatusEvent[];
  /** Waits until there are as many events. */
  until(count: number, withinMs?: number): Promise<readonly StatusEvent[]>;
  /** The server ended the stream, `cut` or in order. */
  ended(withinMs?: number): Promise<'end' | 'cut'>;
  close(): void;
}

export async function readEvents(url: string): Promise<EventReader> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false }, resolve).on('error', reject);
  });
  let text = '';
  let end: 'end' | 'cut' | undefined;
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => {
    text += chunk;
  });
  answer.on('error', () => undefined);
  answer.on('close', () => {
    end = answer.complete ? 'end' : 'cut';
  });
  const events = (): StatusEvent[] =>
    [...text.matchAll(/event: status\ndata: (.*)\n\n/g)].map(
      ([, data = '']) => JSON.parse(data) as StatusEvent,
    );
  return {
    code: answer.statusCode ?? 0,
    headers: answer.headers,
    text: () => text,
    events,
    until: (count, withinMs = paced(3000)) =>
      eventually(() => (events().length >= count ? events() : undefined), { withinMs, everyMs: 5 }),
    ended: (withinMs = paced(3000)) => eventually(() => end, { withinMs, everyMs: 5 }),
    close: () => answer.destroy(),
  };
}
