import { loadConfig } from '../config/load-config.js';
import { renderConfig } from '../config/render-config.js';
import type { Command } from './command.js';
import { CONFIG_HELP } from './config-help.js';
import { parseArguments } from './parse-arguments.js';

const HELP = `Usage: jetstream-status check-config [--config FILE]

Validates the configuration without connecting to anything and prints what results from the file, the environment
and the defaults. Passwords and tokens are printed as [redacted].

${CONFIG_HELP}
Exit codes: 0 when the configuration is valid, 2 when it is refused, 64 for a wrong command line.
`;

export const checkConfig: Command = {
  help: HELP,
  async run(args, { env, cwd, stdout }) {
    const { config: configPath } = parseArguments(args, { values: ['config'] }).options;
    const { config, origins } = await loadConfig({ configPath, env, cwd });
    stdout(`# valid; made from ${origins.join(', ')}\n${renderConfig(config)}`);
    return 0;
  },
};
