import { stringify } from 'yaml';
import { printable } from '../printable.js';
import type { NatsConfig } from './config.js';
import { formatDuration } from './duration.js';
import type { Guess, GuessedComponent } from './guess-components.js';
import { DEFAULT_INBOX_PREFIX } from './resolve-nats.js';
import { BUILT_IN_THRESHOLDS } from './thresholds-schema.js';

export interface GuessOrigin {
  readonly nats: NatsConfig;
  /** NATS context that takes part in it. */
  readonly context: string | undefined;
  /** What could not be listed, in words. */
  readonly incomplete: readonly string[];
}

/**
 * A configuration file for the components, to be edited: everything that is only a guess is easy to change, and limits
 * stand there commented out. Holds no secret. Pure.
 */
export function renderGuess({ components, left }: Guess, { nats, context, incomplete }: GuessOrigin): string {
  const lines = [
    '# Made by `jetstream-status discover` from what the server has. Ids and names are guesses: an id is the last part',
    '# of a URL, /api/v2/status/ID, a name is for people. Streams may share a component: move their consumers there.',
    ...incomplete.map((words) => `# INCOMPLETE: ${printable(words)}`),
    '',
    ...natsLines(nats, context),
    '',
    '# Limits are commented out. What is shown under warn is in force without them; above warn a component is degraded,',
    '# above critical down. A consumer whose workers only come when there is work takes `expect_pullers: when_due`.',
    'components:',
    ...components.flatMap(componentLines),
  ];
  if (left.length > 0) {
    lines.push('', '# Left out:');
    for (const { stream, consumer, why } of left) {
      lines.push(printable(`#   stream ${stream}, consumer ${consumer}: ${why}`));
    }
  }
  return `${lines.join('\n')}\n`;
}

function natsLines(
  { servers, tls, auth, domain, apiPrefix, inboxPrefix }: NatsConfig,
  context?: string,
): string[] {
  const keys = {
    context,
    url: servers.map((server) => `nats://${server}`).join(','),
    ...((auth.method === 'creds' || auth.method === 'nkey') && { [auth.method]: auth.path }),
    tls,
    domain,
    api_prefix: apiPrefix,
    inbox_prefix: inboxPrefix === DEFAULT_INBOX_PREFIX ? undefined : inboxPrefix,
  };
  const variables = { user: 'NATS_USER and NATS_PASSWORD', token: 'NATS_TOKEN' };
  const secret =
    context === undefined && (auth.method === 'user' || auth.method === 'token')
      ? [`  # Secrets are not printed: set ${variables[auth.method]}.`]
      : [];
  return [...stringify({ nats: keys }, { lineWidth: 0 }).trimEnd().split('\n'), ...secret];
}

function componentLines({ id, name, consumers, discoverIn }: GuessedComponent): string[] {
  return [
    `  ${scalar(id)}:`,
    `    name: ${scalar(name)}`,
    ...(consumers.length === 0 ? [] : ['    consumers:']),
    ...consumers.flatMap(({ stream, consumer }) => [
      `      - stream: ${scalar(stream)}`,
      `        consumer: ${scalar(consumer)}`,
    ]),
    ...(discoverIn === undefined
      ? []
      : [
          '    # Every consumer whose metadata names the component.',
          '    discover: true',
          '    streams:',
          ...discoverIn.map((stream) => `      - ${scalar(stream)}`),
        ]),
    ...THRESHOLDS.map((line) => `    # ${line}`),
  ];
}

const { backlog, in_flight: inFlight, oldest_unacked: oldest } = BUILT_IN_THRESHOLDS;
const THRESHOLDS = [
  'thresholds:',
  `  backlog: { warn: ${String(backlog?.warn)}, critical: 10000 }`,
  `  in_flight: { warn: ${String(inFlight?.warn)} }`,
  `  oldest_unacked: { warn: ${formatDuration((oldest?.warn ?? 0) * 1000)}, critical: 1h }`,
];

function scalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd();
}
