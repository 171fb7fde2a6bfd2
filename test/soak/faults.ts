import type { ChildProcess } from 'node:child_process';
import type { JetStreamManager } from 'nats';
import { AckPolicy, DeliverPolicy } from 'nats';
import type { Treatment } from '../support/chaos-proxy.js';
import type { ChaosProxy } from '../support/chaos-proxy.js';
import type { NatsServer } from '../support/nats-server.js';
import { killWorker } from '../support/worker.js';
import type { Harm } from './oracle.js';

/** What the soak can harm. */
export interface Target {
  readonly server: NatsServer;
  readonly proxy: ChaosProxy;
  readonly workers: Map<string, ChildProcess>;
  readonly streams: Readonly<Record<string, string>>;
  readonly jsm: JetStreamManager;
  readonly ackWaitMs: number;
  readonly startWorker: (component: string) => Promise<ChildProcess>;
}

export interface Fault {
  readonly name: string;
  /** By component, what it means for the truth; empty: it is only hard to read. */
  readonly harms: Readonly<Record<string, Harm>>;
  readonly restartsServer?: boolean;
  begin(target: Target): Promise<void> | void;
  end(target: Target): Promise<void> | void;
}

const ALL_UNREACHABLE = { infra: 'unreachable', apps: 'unreachable' } as const;

/** Between the service and the server. */
function onTheWay(name: string, treatment: Treatment, harms: Fault['harms'] = {}): Fault {
  return {
    name,
    harms,
    begin: ({ proxy }) => {
      proxy.treat(treatment);
      if (treatment.kind === 'reset' || treatment.kind === 'truncate') proxy.resetAll();
    },
    end: ({ proxy }) => {
      proxy.treat({ kind: 'pass' });
      proxy.resetAll();
    },
  };
}

export async function addConsumer(
  { jsm, streams, ackWaitMs }: Pick<Target, 'jsm' | 'streams' | 'ackWaitMs'>,
  component: string,
): Promise<void> {
  await jsm.consumers.add(streams[component] ?? '', {
    durable_name: 'worker',
    ack_policy: AckPolicy.Explicit,
    // What was there before its time is not its work.
    deliver_policy: DeliverPolicy.New,
    ack_wait: ackWaitMs * 1e6,
  });
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'server killed',
    harms: ALL_UNREACHABLE,
    restartsServer: true,
    begin: ({ server }) => server.kill('SIGKILL'),
    end: ({ server }) => server.restart(),
  },
  {
    name: 'server stopped in its tracks',
    harms: ALL_UNREACHABLE,
    begin: ({ server }) => {
      server.signal('SIGSTOP');
    },
    end: ({ server }) => {
      server.signal('SIGCONT');
    },
  },
  onTheWay('half-open connection', { kind: 'blackhole' }, ALL_UNREACHABLE),
  onTheWay('slow network', { kind: 'delay', ms: 150, jitterMs: 300 }),
  onTheWay('lost bytes', { kind: 'drop', share: 0.3 }),
  onTheWay('garbage', { kind: 'garbage', share: 0.3 }),
  onTheWay('a drip of bytes', { kind: 'drip', bytes: 64, pauseMs: 20 }),
  onTheWay('broken off answers', { kind: 'truncate', afterBytes: 3000 }),
  onTheWay('resets', { kind: 'reset', afterMs: 400 }),
  {
    name: 'worker killed',
    harms: { infra: 'abandoned' },
    begin: async ({ workers }) => {
      const worker = workers.get('infra');
      if (worker !== undefined) await killWorker(worker);
    },
    end: async ({ workers, startWorker }) => {
      workers.set('infra', await startWorker('infra'));
    },
  },
  {
    name: 'consumer deleted',
    harms: { apps: 'missing' },
    begin: async ({ jsm, streams }) => {
      await jsm.consumers.delete(streams.apps ?? '', 'worker');
    },
    end: async (target) => {
      await addConsumer(target, 'apps');
      const worker = target.workers.get('apps');
      // Its requests went to the consumer that is gone.
      if (worker !== undefined) await killWorker(worker);
      target.workers.set('apps', await target.startWorker('apps'));
    },
  },
];
