import { createHash } from 'node:crypto';
import type { Config, ListenConfig, NatsConfig } from '../config/config.js';
import { renderConfig } from '../config/render-config.js';
import type { Integration } from './integration.js';
import { natsSecret } from './kubernetes-secret.js';
import type { NatsSecret } from './kubernetes-secret.js';
import { yamlDocuments, yamlText } from './yaml-text.js';

const NAME = 'jetstream-status';
const LABELS = { 'app.kubernetes.io/name': NAME };
const PORTS = { http: 8080, admin: 8081 };
const CONFIG_FOLDER = '/etc/jetstream-status';
const CONFIG_FILE = 'status.yaml';

export const kubernetes: Integration = {
  name: 'kubernetes',
  summary: 'manifests: Secret, ConfigMap, Deployment, Service and, commented out, a ServiceMonitor',
  render(config, url) {
    const secret = natsSecret(config.nats);
    const file = renderConfig(inCluster(config, secret, url));
    const hasAdmin = config.admin.port !== 0;
    const documents = [
      ...(secret === undefined ? [] : [secretDocument(secret)]),
      configMap(file, config.nats),
      deployment({ file, secret, hasAdmin }),
      service(hasAdmin),
    ];
    return yamlDocuments(documents) + (hasAdmin ? commentedOut(serviceMonitor()) : '');
  },
};

/** The same configuration where the files, the ports and the public address are others. */
function inCluster(config: Config, secret: NatsSecret | undefined, url: string): Config {
  const everywhere = (port: number): ListenConfig => ({ host: '0.0.0.0', port });
  return {
    ...config,
    nats: secret?.nats ?? config.nats,
    http: everywhere(PORTS.http),
    // 0.0.0.0, or nothing in the cluster could scrape it.
    admin: config.admin.port === 0 ? config.admin : everywhere(PORTS.admin),
    page: { ...config.page, url },
  };
}

function secretDocument({ name, stringData }: NatsSecret): string {
  return yamlText(
    [
      'Put the values in, or leave this document out and create the Secret from files that stay out of version control:',
      `kubectl create secret generic ${name} ${Object.keys(stringData)
        .map((key) => (key.includes('.') ? `--from-file=${key}` : `--from-literal=${key}=...`))
        .join(' ')}`,
    ],
    { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels: LABELS }, type: 'Opaque', stringData },
  );
}

function configMap(file: string, { servers }: NatsConfig): string {
  const isLocal = servers.some((server) => /^(localhost|127\.|\[::1\])/.test(server));
  const comment = isLocal
    ? ['nats.url is this machine: in a pod that is the pod itself. Put the server there.']
    : [];
  return yamlText(comment, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, labels: LABELS },
    data: { [CONFIG_FILE]: file },
  });
}

interface Deployed {
  readonly file: string;
  readonly secret: NatsSecret | undefined;
  readonly hasAdmin: boolean;
}

function deployment({ file, secret, hasAdmin }: Deployed): string {
  const template = {
    metadata: {
      labels: LABELS,
      // Pods are replaced when the configuration changes.
      annotations: { 'checksum/config': createHash('sha256').update(file).digest('hex') },
    },
    spec: {
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container(secret, hasAdmin)],
      volumes: [
        { name: 'config', configMap: { name: NAME } },
        ...(secret?.folder === undefined
          ? []
          : [{ name: 'nats', secret: { secretName: secret.name, defaultMode: 0o440 } }]),
      ],
      terminationGracePeriodSeconds: 15,
    },
  };
  return yamlText(
    [
      'One replica is enough: a pod that is gone is replaced, and a second one asks NATS everything twice. The image is',
      "what the repository's Dockerfile builds; put the registry there that you pushed it to.",
    ],
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, labels: LABELS },
      spec: { replicas: 1, selector: { matchLabels: LABELS }, template },
    },
  );
}

function container(secret: NatsSecret | undefined, hasAdmin: boolean): object {
  return {
    name: NAME,
    image: 'registry.example.com/jetstream-status:latest',
    env: [
      { name: 'JETSTREAM_STATUS_CONFIG', value: `${CONFIG_FOLDER}/${CONFIG_FILE}` },
      ...(secret?.variables ?? []).map((name) => ({
        name,
        valueFrom: { secretKeyRef: { name: secret?.name, key: name } },
      })),
    ],
    ports: portNames(hasAdmin).map((name) => ({ name, containerPort: PORTS[name] })),
    // Neither depends on NATS: a monitor is not restarted because of what it watches.
    livenessProbe: { httpGet: { path: '/livez', port: 'http' }, periodSeconds: 10, timeoutSeconds: 3 },
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 5, timeoutSeconds: 3 },
    // Requests go on to be answered until the endpoints have forgotten the pod.
    lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } },
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
      ...(secret?.folder === undefined ? [] : [{ name: 'nats', mountPath: secret.folder, readOnly: true }]),
    ],
  };
}

function service(hasAdmin: boolean): string {
  return yamlText(
    hasAdmin
      ? ['Inside the cluster. An Ingress goes to the port `http` only: `admin` shows the names of streams.']
      : [],
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, labels: LABELS },
      spec: {
        selector: LABELS,
        ports: portNames(hasAdmin).map((name) => ({ name, port: PORTS[name], targetPort: name })),
      },
    },
  );
}

function portNames(hasAdmin: boolean): ('http' | 'admin')[] {
  return hasAdmin ? ['http', 'admin'] : ['http'];
}

function serviceMonitor(): string {
  return yamlText([], {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      selector: { matchLabels: LABELS },
      endpoints: [{ port: 'admin', path: '/metrics', interval: '15s' }],
    },
  });
}

/** A cluster that does not know the kind refuses the whole file. */
function commentedOut(document: string): string {
  const lines = document.trimEnd().split('\n');
  return ['# Where the Prometheus operator runs:', '# ---', ...lines.map((line) => `# ${line}`), ''].join(
    '\n',
  );
}
