/** Where the example is kept. */
export const KUBERNETES_EXAMPLE = 'config/examples/kubernetes/jetstream-status.yaml';

/**
 * What `NATS_URL=nats://nats.nats.svc:4222 NATS_CREDS=monitor.creds jetstream-status integrate kubernetes --url
 * https://status.example.com` prints for the shipped configuration.
 *
 * @param {object} code of the program
 * @param {string} code.root of the checkout
 * @param {typeof import('../../src/config/load-config.js').loadConfig} code.loadConfig
 * @param {readonly import('../../src/integrations/integration.js').Integration[]} code.integrations
 */
export async function kubernetesExample({ root, loadConfig, integrations }) {
  const { config } = await loadConfig(
    {
      configPath: 'config/default.yaml',
      env: { NATS_URL: 'nats://nats.nats.svc:4222', NATS_CREDS: 'monitor.creds' },
      cwd: root,
    },
    { checkFiles: false },
  );
  const kubernetes = integrations.find(({ name }) => name === 'kubernetes');
  return kubernetes?.render(config, 'https://status.example.com') ?? '';
}
