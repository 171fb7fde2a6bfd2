import { stringify } from 'yaml';
import type { Thresholds } from '../health/thresholds.js';
import type { ComponentConfig, Config, ConsumerSelection, NatsAuth, NatsConfig } from './config.js';
import { formatDuration } from './duration.js';

const REDACTED = '[redacted]';

/** A configuration as YAML with the keys of the file, every default filled in, without any secret. */
export function renderConfig(config: Config): string {
  const { poll, http, admin, log, history, page } = config;
  return stringify(
    {
      nats: natsKeys(config.nats),
      poll: {
        every: formatDuration(poll.everyMs),
        timeout: formatDuration(poll.timeoutMs),
        stale_after: formatDuration(poll.staleAfterMs),
        dead_after: formatDuration(poll.deadAfterMs),
        confirm: poll.confirm,
        start_grace: formatDuration(poll.startGraceMs),
        discover_every: formatDuration(poll.discoverEveryMs),
      },
      http,
      admin,
      log,
      history: { keep: formatDuration(history.keepMs) },
      page,
      defaults: { thresholds: thresholdKeys(config.defaultThresholds) },
      // An object would put numbers first.
      components: new Map(config.components.map((component) => [component.id, componentKeys(component)])),
    },
    { lineWidth: 0 },
  );
}

function natsKeys({ servers, tls, auth, domain, apiPrefix, inboxPrefix }: NatsConfig): object {
  return {
    url: servers.map((server) => `nats://${server}`).join(','),
    ...authKeys(auth),
    tls,
    domain,
    api_prefix: apiPrefix,
    inbox_prefix: inboxPrefix,
  };
}

function authKeys(auth: NatsAuth): object {
  switch (auth.method) {
    case 'none':
      return {};
    case 'user':
      return { user: auth.user, password: REDACTED };
    case 'token':
      return { token: REDACTED };
    case 'creds':
      return { creds: auth.path };
    case 'nkey':
      return { nkey: auth.path };
    case 'jwt':
      return { user_jwt: REDACTED, nkey: auth.nkeyPath };
  }
}

function componentKeys({ name, consumers, discover, thresholds }: ComponentConfig): object {
  return {
    name,
    ...(consumers.length > 0 && { consumers: consumers.map(selectionKeys) }),
    ...(discover !== undefined && { discover: true, streams: discover.streams }),
    thresholds: thresholdKeys(thresholds),
  };
}

function selectionKeys({
  stream,
  consumer,
  expectPullers,
  workWindowMs,
  critical,
}: ConsumerSelection): object {
  return {
    stream,
    consumer,
    expect_pullers: expectPullers,
    work_window: workWindowMs === undefined ? undefined : formatDuration(workWindowMs),
    critical,
  };
}

function thresholdKeys({ oldest_unacked: age, ...counts }: Thresholds): object {
  const ages = Object.entries(age ?? {}).map(
    ([level, seconds]) => [level, formatDuration(seconds * 1000)] as const,
  );
  return age === undefined ? counts : { ...counts, oldest_unacked: Object.fromEntries(ages) };
}
