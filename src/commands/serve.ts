import { loadConfig } from '../config/load-config.js';
import { runService } from '../service.js';
import type { Command } from './command.js';
import { CONFIG_HELP } from './config-help.js';
import { parseArguments } from './parse-arguments.js';

const HELP = `Usage: jetstream-status [serve] [--config FILE]

Polls the JetStream consumers of the configuration and serves the health of its components over HTTP.

${CONFIG_HELP}
Signals:
  SIGTERM, SIGINT  stop: open answers are finished, then exit code 0; a second signal exits at once
  SIGHUP           read the configuration again; one that is refused leaves the running one in force

Exit codes: 0 after a stop, 1 when a port cannot be used, 2 when the configuration is refused, 64 for a wrong
command line.
`;

export const serve: Command = {
  help: HELP,
  async run(args, { env, cwd }) {
    const { config: configPath } = parseArguments(args, { values: ['config'] }).options;
    return await runService(async () => (await loadConfig({ configPath, env, cwd })).config);
  },
};
