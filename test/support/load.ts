import { Agent, get } from 'node:http';

export interface Answer {
  readonly path: string;
  /** 0: none came. */
  readonly code: number;
  readonly body: string;
  /** By `X-Snapshot-Age`, ms; NaN when there is none. */
  readonly ageMs: number;
  readonly snapshotTime: string | undefined;
  /** Monotonic ms. */
  readonly askedAt: number;
  readonly ms: number;
}

/** Asks for the paths in turn, so many times a second, whatever becomes of the answers. */
export interface Load {
  stop(): Promise<void>;
}

export function startLoad(
  origin: string,
  {
    paths,
    perSecond,
    onAnswer,
  }: { paths: readonly string[]; perSecond: number; onAnswer: (answer: Answer) => void },
): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  let asked = 0;

  const ask = async (path: string): Promise<void> => {
    const askedAt = performance.now();
    const told = await new Promise<Pick<Answer, 'code' | 'body' | 'ageMs' | 'snapshotTime'>>((resolve) => {
      const none = { code: 0, body: '', ageMs: NaN, snapshotTime: undefined };
      const request = get(`${origin}${path}`, { agent, timeout: 10_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const { 'x-snapshot-age': age, 'x-snapshot-time': time } = response.headers;
          resolve({
            ...{ code: response.statusCode ?? 0, body: text },
            ...{ ageMs: Number(age ?? NaN) * 1000, snapshotTime: time?.toString() },
          });
        });
        response.on('error', () => {
          resolve(none);
        });
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => {
        resolve(none);
      });
    });
    onAnswer({ path, ...told, askedAt, ms: performance.now() - askedAt });
  };

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    for (; asked < due; asked++) {
      const asking = ask(paths[asked % paths.length] ?? '/livez');
      open.add(asking);
      void asking.then(() => open.delete(asking));
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
    },
  };
}
