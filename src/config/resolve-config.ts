import type { Thresholds } from '../health/thresholds.js';
import type { CliContext } from './cli-context.js';
import type { ComponentConfig, Config } from './config.js';
import { pollTimes } from './poll-schema.js';
import { resolveNats } from './resolve-nats.js';
import type { ParsedConfig } from './schema.js';
import { BUILT_IN_THRESHOLDS } from './thresholds-schema.js';

const EVERY_STREAM = ['*'];

/**
 * What a valid file means: defaults that follow from other keys, the NATS context beneath it, ids in order.
 *
 * @param componentIds the ids as they follow each other in the file
 * @param context what is left of it where the file and the environment say nothing
 */
export function resolveConfig(
  parsed: ParsedConfig,
  { componentIds, context }: { componentIds: readonly string[]; context: CliContext | undefined },
): Config {
  const { poll, http, admin, log, page } = parsed;
  return {
    nats: resolveNats(parsed.nats, context),
    poll: {
      everyMs: poll.every,
      ...pollTimes(poll.every, poll),
      discoverEveryMs: poll.discover_every,
      confirm: poll.confirm,
    },
    http,
    admin,
    log,
    history: { keepMs: parsed.history.keep },
    page: { title: page.title, url: page.url },
    defaultThresholds: overBuiltIn(parsed.defaults.thresholds),
    components: componentIds.flatMap((id) => {
      const component = parsed.components[id];
      return component === undefined ? [] : [resolveComponent(id, component)];
    }),
  };
}

function resolveComponent(id: string, component: ParsedConfig['components'][string]): ComponentConfig {
  return {
    id,
    name: component.name ?? id,
    consumers: (component.consumers ?? []).map((selection) => ({
      stream: selection.stream,
      consumer: selection.consumer,
      expectPullers: selection.expect_pullers,
      workWindowMs: selection.work_window,
      critical: selection.critical,
    })),
    discover: component.discover ? { streams: component.streams ?? EVERY_STREAM } : undefined,
    thresholds: component.thresholds,
  };
}

/** A built-in warning at or above a critical limit of the file gives way to it. */
function overBuiltIn(declared: Thresholds): Thresholds {
  const keys = Object.keys(BUILT_IN_THRESHOLDS) as (keyof Thresholds)[];
  return Object.fromEntries(
    keys.map((key) => {
      const { warn = BUILT_IN_THRESHOLDS[key]?.warn, critical } = declared[key] ?? {};
      return [
        key,
        {
          ...(warn !== undefined && (critical === undefined || warn < critical) && { warn }),
          ...(critical !== undefined && { critical }),
        },
      ];
    }),
  );
}
