import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { KUBERNETES_EXAMPLE, kubernetesExample } from '../../scripts/docs/kubernetes.mjs';
import type { Config, NatsAuth } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { INTEGRATIONS } from '../../src/integrations/integrations.js';
import { kubernetes } from '../../src/integrations/kubernetes.js';
import {
  configMapSchema,
  deploymentSchema,
  secretSchema,
  serviceMonitorSchema,
  serviceSchema,
} from './kubernetes-schema.js';
import { shippedConfig } from './setup.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const URL_ = 'https://status.example.com';

function documentsIn(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as unknown;
  });
}

/** With every document that there can be; throws where a schema refuses one. */
function withSecret(text: string) {
  const [secret, configMap, deployment, service, ...others] = documentsIn(text);
  expect(others).toEqual([]);
  return {
    secret: secretSchema.parse(secret),
    configMap: configMapSchema.parse(configMap),
    deployment: deploymentSchema.parse(deployment),
    service: serviceSchema.parse(service),
  };
}

async function configWith(auth: NatsAuth): Promise<Config> {
  const config = await shippedConfig({ NATS_URL: 'nats://nats.nats.svc:4222' });
  return { ...config, nats: { ...config.nats, auth } };
}

describe('the manifests', () => {
  test('are valid, and fit together', async () => {
    const config = await configWith({ method: 'creds', path: '/home/me/monitor.creds' });
    const { secret, configMap, deployment, service } = withSecret(kubernetes.render(config, URL_));
    const { template, selector } = deployment.spec;
    const [container] = template.spec.containers;
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    expect(service.spec.selector).toEqual(selector.matchLabels);
    expect(template.spec.volumes).toEqual([
      { name: 'config', configMap: { name: configMap.metadata.name } },
      { name: 'nats', secret: { secretName: secret.metadata.name, defaultMode: 0o440 } },
    ]);
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(['config', 'nats']);
    const portNames = container.ports.map(({ name }) => name);
    expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual(portNames);
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(template.spec.securityContext.runAsUser).toBe(
      Number(/^USER (\d+)$/m.exec(await readFile(join(ROOT, 'Dockerfile'), 'utf8'))?.[1]),
    );
    // What it waits before it is told to stop, and what a stop may take.
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(5 + 5);
  });

  test('hold a configuration that the service accepts and that watches the same', async () => {
    const config = await configWith({ method: 'creds', path: '/home/me/monitor.creds' });
    const { configMap, deployment } = withSecret(kubernetes.render(config, URL_));
    const [file] = Object.keys(configMap.data);
    const [container] = deployment.spec.template.spec.containers;
    expect(container.env).toEqual([
      {
        name: 'JETSTREAM_STATUS_CONFIG',
        value: `${container.volumeMounts[0]?.mountPath ?? ''}/${file ?? ''}`,
      },
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'kubernetes-'));
    await writeFile(join(folder, 'status.yaml'), Object.values(configMap.data)[0] ?? '');
    const loaded = await loadConfig(
      { configPath: 'status.yaml', env: {}, cwd: folder },
      { checkFiles: false },
    );
    await rm(folder, { recursive: true });
    expect(loaded.config).toEqual({
      ...config,
      nats: { ...config.nats, auth: { method: 'creds', path: '/etc/jetstream-status-nats/monitor.creds' } },
      http: { host: '0.0.0.0', port: container.ports[0]?.containerPort },
      admin: { host: '0.0.0.0', port: container.ports[1]?.containerPort },
      page: { ...config.page, url: URL_ },
    });
  });

  test('a change of the configuration makes new pods', async () => {
    const config = await shippedConfig();
    const checksum = (changed: Config): unknown =>
      deploymentSchema.parse(documentsIn(kubernetes.render(changed, URL_))[1]).spec.template.metadata
        .annotations;
    expect(checksum(config)).toEqual(checksum({ ...config }));
    expect(checksum({ ...config, components: config.components.slice(1) })).not.toEqual(checksum(config));
  });

  test('take every way to authenticate from the Secret, and print none of its values', async () => {
    const ways: [NatsAuth, string[]][] = [
      [{ method: 'user', user: 'me', password: 'hunter2hunter2' }, ['NATS_USER', 'NATS_PASSWORD']],
      [{ method: 'token', token: 'hunter2hunter2' }, ['NATS_TOKEN']],
      [{ method: 'nkey', path: '/home/me/me.nk' }, ['monitor.nk']],
      [{ method: 'creds', path: '/home/me/me.creds' }, ['monitor.creds']],
      [{ method: 'jwt', jwt: 'hunter2hunter2', nkeyPath: '/home/me/me.nk' }, ['monitor.creds']],
    ];
    for (const [auth, keys] of ways) {
      const text = kubernetes.render(await configWith(auth), URL_);
      expect(text).not.toMatch(/hunter2|\/home\/me/);
      const { secret, deployment } = withSecret(text);
      expect(Object.keys(secret.stringData)).toEqual(keys);
      const [{ env }] = deployment.spec.template.spec.containers;
      expect(env.slice(1).map(({ name }) => name)).toEqual(keys.filter((key) => key.startsWith('NATS_')));
    }
  });

  test('bring the files of TLS along', async () => {
    const config = await shippedConfig();
    const tls = { ca: '/home/me/ca.pem', cert: '/home/me/c.pem', key: '/home/me/k.pem', first: true };
    const text = kubernetes.render({ ...config, nats: { ...config.nats, tls } }, URL_);
    const { secret, configMap } = withSecret(text);
    expect(Object.keys(secret.stringData)).toEqual(['ca.pem', 'client.pem', 'client-key.pem']);
    expect(Object.values(configMap.data)[0]).toContain('key: /etc/jetstream-status-nats/client-key.pem');
  });

  test('need no Secret for a server that asks for nothing, and no admin port where it is off', async () => {
    const documents = documentsIn(kubernetes.render(await shippedConfig({ ADMIN_PORT: '0' }), URL_));
    expect(documents).toHaveLength(3);
    const { spec } = serviceSchema.parse(documents[2]);
    expect(spec.ports.map(({ name }) => name)).toEqual(['http']);
    expect(kubernetes.render(await shippedConfig({ ADMIN_PORT: '0' }), URL_)).not.toContain('ServiceMonitor');
  });

  test('warn of an address that means another machine inside a pod', async () => {
    expect(kubernetes.render(await shippedConfig(), URL_)).toContain('# nats.url is this machine');
    expect(kubernetes.render(await configWith({ method: 'none' }), URL_)).not.toContain('this machine');
  });

  test('bring a ServiceMonitor, commented out, that scrapes the admin port', async () => {
    const text = kubernetes.render(await shippedConfig(), URL_);
    const [, commented = ''] = text.split('# ---\n');
    const [monitor] = documentsIn(commented.replaceAll(/^# /gm, ''));
    const { spec } = serviceMonitorSchema.parse(monitor);
    const service = serviceSchema.parse(documentsIn(text)[2]);
    expect(spec.selector.matchLabels).toEqual(service.metadata.labels);
    expect(service.spec.ports.map(({ name }) => name)).toContain(spec.endpoints[0]?.port);
  });
});

test('the example is what the command prints (npm run docs writes it)', async () => {
  const example = await readFile(join(ROOT, KUBERNETES_EXAMPLE), 'utf8');
  expect(example).toBe(await kubernetesExample({ root: ROOT, loadConfig, integrations: INTEGRATIONS }));
});
