import { z } from 'zod';

/**
 * The part of the Kubernetes API (v1, apps/v1) that the manifests use, strict as the server is with `kubectl apply
 * --validate=strict`: a field that is not known is refused, and so is a value that the server would not take.
 */
const label = z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const portName = z.string().regex(/^(?=.*[a-z])[a-z0-9-]{1,15}$/);
const port = z.int().min(1).max(65_535);
const labels = z.record(label, z.string().max(63));
const key = z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/);
const metadata = z.strictObject({ name, labels });
const quantity = z.string().regex(/^\d+(m|Ki|Mi|Gi)?$/);
const path = z.string().regex(/^\/[^:]*$/);

const env = z.union([
  z.strictObject({ name: key, value: z.string() }),
  z.strictObject({ name: key, valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name, key }) }) }),
]);
const probe = z.strictObject({
  httpGet: z.strictObject({ path, port: portName }),
  periodSeconds: z.int().min(1),
  timeoutSeconds: z.int().min(1),
});
const container = z.strictObject({
  name,
  image: z.string().min(1),
  env: z.array(env),
  ports: z.array(z.strictObject({ name: portName, containerPort: port })),
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: z.strictObject({
    preStop: z.strictObject({ exec: z.strictObject({ command: z.array(z.string()) }) }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity }),
    limits: z.strictObject({ memory: quantity }),
  }),
  volumeMounts: z.array(z.strictObject({ name, mountPath: path, readOnly: z.literal(true) })),
});
const volume = z.union([
  z.strictObject({ name, configMap: z.strictObject({ name }) }),
  z.strictObject({
    name,
    secret: z.strictObject({ secretName: name, defaultMode: z.int().min(0).max(0o777) }),
  }),
]);
const pod = z.strictObject({
  automountServiceAccountToken: z.literal(false),
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.int().min(1),
    runAsGroup: z.int().min(1),
    fsGroup: z.int().min(1),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  containers: z.tuple([container]),
  volumes: z.array(volume),
  terminationGracePeriodSeconds: z.int().min(1),
});

export const secretSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata,
  type: z.literal('Opaque'),
  stringData: z.record(key, z.string()),
});
export const configMapSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata,
  data: z.record(key, z.string()),
});
export const deploymentSchema = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.int().min(0),
    selector: z.strictObject({ matchLabels: labels }),
    template: z.strictObject({
      metadata: z.strictObject({ labels, annotations: z.record(label, z.string()) }),
      spec: pod,
    }),
  }),
});
export const serviceSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    selector: labels,
    ports: z.array(z.strictObject({ name: portName, port, targetPort: portName })).min(1),
  }),
});
/** Of the Prometheus operator. */
export const serviceMonitorSchema = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('ServiceMonitor'),
  metadata,
  spec: z.strictObject({
    selector: z.strictObject({ matchLabels: labels }),
    endpoints: z.array(z.strictObject({ port: portName, path, interval: z.string().regex(/^\d+(s|m)$/) })),
  }),
});
