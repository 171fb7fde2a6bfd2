import { randomUUID } from 'node:crypto';
import { connect } from 'nats';
import { eventually } from './eventually.js';
import { freePorts } from './free-port.js';
import type { NatsServer } from './nats-server.js';
import { startNatsServer } from './nats-server.js';
import { paced } from './pace.js';

/** Three real servers with JetStream and one store each. */
export interface NatsCluster {
  /** Of all members, separated by commas. */
  readonly url: string;
  readonly urls: readonly string[];
  member(name: string): NatsServer;
  readonly names: readonly string[];
  /** Name of the member that leads the whole of JetStream. */
  metaLeader(): Promise<string>;
  /** Name of the member that leads the consumer. */
  consumerLeader(stream: string, consumer: string): Promise<string>;
  stop(): Promise<void>;
}

const NAMES = ['n1', 'n2', 'n3'];

/** A port may be taken after all, and of many clusters of 2.10 that start at once one may stay without a member. */
const MOST_STARTS = 3;
const FORMED_WITHIN_MS = paced(15_000);

export async function startNatsCluster(bin: string): Promise<NatsCluster> {
  for (let start = 1; ; start++) {
    try {
      return await startOnce(bin);
    } catch (error) {
      if (start === MOST_STARTS) throw error;
    }
  }
}

async function startOnce(bin: string): Promise<NatsCluster> {
  const size = NAMES.length;
  const ports = await freePorts(3 * size);
  const routePorts = ports.slice(0, size);
  const monitorPorts = ports.slice(size, 2 * size);
  const clientPorts = ports.slice(2 * size);
  // Should a port have been given to two clusters, they must not become one.
  const clusterName = randomUUID();
  const routes = routePorts.map((port) => `nats-route://127.0.0.1:${String(port)}`).join(', ');
  const configs = NAMES.map(
    (name, i) => `server_name: ${name}
http: "127.0.0.1:${String(monitorPorts[i])}"
cluster { name: "${clusterName}", listen: "127.0.0.1:${String(routePorts[i])}", routes: [${routes}] }`,
  );
  const started = await Promise.allSettled(
    configs.map((config, i) => startNatsServer({ bin, config, port: clientPorts[i] })),
  );
  const members = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    // Nobody else would end the others.
    await Promise.all(members.map((running) => running.stop()));
    throw failed.reason;
  }
  const urls = members.map(({ url }) => url);

  const member = (name: string): NatsServer => {
    const found = members[NAMES.indexOf(name)];
    if (found === undefined) throw new Error(`no member ${name}`);
    return found;
  };
  const readMeta = async (port: number): Promise<{ leader?: string; cluster_size?: number } | undefined> => {
    const answer = await fetch(`http://127.0.0.1:${String(port)}/jsz`).catch(() => undefined);
    const said = (await answer?.json()) as
      { meta_cluster?: { leader?: string; cluster_size?: number } } | undefined;
    return said?.meta_cluster;
  };
  const cluster: NatsCluster = {
    url: urls.join(','),
    urls,
    names: NAMES,
    member,
    async metaLeader() {
      return await eventually(
        async () => {
          for (const port of monitorPorts) {
            const leader = (await readMeta(port))?.leader ?? '';
            if (leader !== '') return leader;
          }
          return undefined;
        },
        { withinMs: paced(30_000), everyMs: 100 },
      );
    },
    async consumerLeader(stream, consumer) {
      const nc = await connect({ servers: [...urls] });
      try {
        const jsm = await nc.jetstreamManager({ checkAPI: false });
        return await eventually(
          async () =>
            (await jsm.consumers.info(stream, consumer).catch(() => undefined))?.cluster?.leader ?? undefined,
          { withinMs: paced(20_000), everyMs: 100 },
        );
      } finally {
        await nc.close();
      }
    },
    async stop() {
      await Promise.all(members.map((running) => running.stop()));
    },
  };
  const hasFormed = async (): Promise<true | undefined> => {
    const said = await Promise.all(monitorPorts.map(readMeta));
    const isWhole = said.every((meta) => (meta?.leader ?? '') !== '' && meta?.cluster_size === size);
    return isWhole ? true : undefined;
  };
  await eventually(hasFormed, { withinMs: FORMED_WITHIN_MS, everyMs: 100 }).catch(async (error: unknown) => {
    await cluster.stop();
    throw error;
  });
  return cluster;
}
