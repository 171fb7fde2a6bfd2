import type { NatsConfig } from '../config/config.js';
import { guessComponents } from '../config/guess-components.js';
import type { FoundStream } from '../config/guess-components.js';
import { loadConfig } from '../config/load-config.js';
import { NatsUrlError, parseNatsUrls } from '../config/nats-urls.js';
import { renderGuess } from '../config/render-guess.js';
import type { ProblemKind } from '../health/consumer-reading.js';
import type { JetStreamApi } from '../jetstream/api.js';
import { createJetStreamApi } from '../jetstream/api.js';
import { createConnection } from '../jetstream/connection.js';
import { createConsumerLister, createStreamLister } from '../jetstream/discovery.js';
import { createLogger } from '../logger.js';
import type { Command, CommandIo } from './command.js';
import { CONFIG_HELP } from './config-help.js';
import { parseArguments } from './parse-arguments.js';
import { UsageError } from './usage-error.js';

/** Only decides how long a silent connection is trusted. */
const POLL_EVERY_MS = 5000;
const EXIT_NOT_ASKED = 1;

const HELP = `Usage: jetstream-status discover [--url NATS_URL] [--context NAME] [--config FILE]

Asks the NATS server of the configuration for streams and consumers and prints a configuration file that watches the
durable ones: one component per stream, and one per component that consumers name in their metadata. Ids and names are
guesses, limits are commented out. Nothing is changed on the server. Passwords and tokens are not printed.

  --url NATS_URL  server to ask, as NATS_URL
  --context NAME  context of the nats command line, as NATS_CONTEXT

${CONFIG_HELP}
Exit codes: 0; 1 when the server could not be asked, or not about everything (what is missing is told on stderr), or has
nothing to watch; 2 when the configuration is refused, 64 for a wrong command line.
`;

export const discover: Command = {
  help: HELP,
  async run(args, io) {
    const { options } = parseArguments(args, { values: ['config', 'url', 'context'] });
    if (options.url !== undefined) checkUrl(options.url);
    const env = {
      ...io.env,
      ...(options.url !== undefined && { NATS_URL: options.url }),
      ...(options.context !== undefined && { NATS_CONTEXT: options.context }),
    };
    const { config, context } = await loadConfig({ configPath: options.config, env, cwd: io.cwd });
    const { nats } = config;
    const { streams, problems } = await findConsumers(nats, io);
    for (const problem of problems) io.stderr(`jetstream-status: ${problem}\n`);
    const guess = guessComponents(streams);
    if (guess.components.length > 0) {
      io.stdout(renderGuess(guess, { nats, context, incomplete: problems }));
    } else if (problems.length === 0) {
      io.stderr('jetstream-status: there is no durable consumer to watch\n');
    }
    return guess.components.length > 0 && problems.length === 0 ? 0 : EXIT_NOT_ASKED;
  },
};

interface Found {
  readonly streams: readonly FoundStream[];
  /** What could not be asked, in words. */
  readonly problems: readonly string[];
}

async function findConsumers(nats: NatsConfig, { clock }: CommandIo): Promise<Found> {
  // Whatever the log could say is said on stderr, once.
  const log = createLogger({ level: 'silent' });
  const connection = createConnection({ nats, everyMs: POLL_EVERY_MS, clock, log });
  try {
    await connection.start();
    const { connected, problem } = connection.state();
    const where = nats.servers.join(', ');
    if (!connected) return { streams: [], problems: [`${where}: ${WORDS[problem ?? 'disconnected']}`] };
    const api = createJetStreamApi({ connection, nats, onResult: () => undefined });
    const listing = await createStreamLister(api)();
    if (listing.outcome !== 'listed') {
      return { streams: [], problems: [`${where}: the streams cannot be listed: ${WORDS[listing.problem]}`] };
    }
    return await describeStreams(api, listing.streams);
  } finally {
    connection.close();
  }
}

/** One after the other: a list is the dearest question there is. */
async function describeStreams(api: JetStreamApi, names: readonly string[]): Promise<Found> {
  const streams: FoundStream[] = [];
  const problems: string[] = [];
  const listConsumers = createConsumerLister(api);
  for (const [index, stream] of names.entries()) {
    const described = await listConsumers(stream);
    // Deleted a moment ago: it has none.
    if (described.outcome === 'absent') continue;
    if (described.outcome === 'listed') {
      streams.push({ stream, consumers: described.consumers });
      problems.push(
        ...described.unanswered.map(
          (consumer) => `consumer ${consumer} of stream ${stream} exists, but no server tells about it`,
        ),
      );
      continue;
    }
    problems.push(`the consumers of stream ${stream} cannot be listed: ${WORDS[described.problem]}`);
    if (described.problem === 'timeout' || described.problem === 'disconnected') {
      const rest = names.length - index - 1;
      if (rest > 0) problems.push(`${String(rest)} more streams were not asked about`);
      break;
    }
  }
  return { streams, problems };
}

/** What hinders and, where that is known, what helps. */
const WORDS: Readonly<Record<ProblemKind, string>> = {
  disconnected: 'no connection to NATS',
  auth: 'NATS refuses the credentials',
  timeout: 'NATS did not answer in time',
  permission:
    'no permission; $JS.API.STREAM.NAMES and $JS.API.CONSUMER.LIST.* are needed, and the inbox prefix for answers',
  jetstream_off: 'JetStream is not enabled',
  jetstream_off_for_account: 'JetStream is not enabled for this account',
  domain_unreachable: 'nobody answers for this JetStream domain or API prefix',
  no_quorum: 'JetStream has no leader at present',
  overloaded: 'JetStream is overloaded',
  server: 'the server answered with an error',
  malformed: 'the answer cannot be understood',
};

/** Before it takes the place of NATS_URL, whose name a message would tell. @throws UsageError without the URL */
function checkUrl(url: string): void {
  try {
    parseNatsUrls(url);
  } catch (error) {
    if (!(error instanceof NatsUrlError)) throw error;
    throw new UsageError(`option --url ${error.message}`);
  }
}
