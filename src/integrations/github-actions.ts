import type { Integration } from './integration.js';
import { UP } from './public-status.js';
import { yamlText } from './yaml-text.js';

const COMMENT = [
  '.github/workflows/jetstream-status.yml: waits until every component is up, and fails when one is not in time. Other',
  'workflows call it as a job (`uses: ./.github/workflows/jetstream-status.yml`) that a deployment `needs`.',
  'Where the program is installed, `jetstream-status status --url "$STATUS_URL" --wait 5m` does the same.',
];

export const githubActions: Integration = {
  name: 'github-actions',
  summary: 'a workflow that waits until every component is up, to be called before a deployment',
  render: ({ components }, url) =>
    yamlText(COMMENT, {
      name: 'jetstream-status',
      on: { workflow_call: {}, workflow_dispatch: {} },
      permissions: {},
      jobs: {
        'jetstream-status': {
          'runs-on': 'ubuntu-latest',
          'timeout-minutes': 10,
          steps: [
            {
              name: 'Wait until every component is up',
              shell: 'sh -eu {0}',
              env: { STATUS_URL: url, WAIT_SECONDS: '300' },
              run: script(components.map(({ id }) => id)),
            },
          ],
        },
      },
    }),
};

/** POSIX shell with curl. Ids are lower-case letters, digits and hyphens, so they need no quotes. */
function script(ids: readonly string[]): string {
  return `deadline=$(( $(date +%s) + WAIT_SECONDS ))
for component in ${ids.join(' ')}; do
  until answer=$(curl -fsS --max-time 10 "$STATUS_URL/api/v2/status/$component") &&
    printf '%s' "$answer" | grep -qF '${UP}'; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      echo "$component is not up: \${answer:-no answer}" >&2
      exit 1
    fi
    sleep 5
  done
  echo "$component is up"
done
`;
}
