import { loadConfig } from '../config/load-config.js';
import type { Integration } from '../integrations/integration.js';
import { INTEGRATIONS } from '../integrations/integrations.js';
import type { Command } from './command.js';
import { CONFIG_HELP } from './config-help.js';
import { parseArguments } from './parse-arguments.js';
import { parseServiceUrl } from './service-url.js';
import { unknownWord } from './unknown-word.js';
import { UsageError } from './usage-error.js';

const WIDTH = Math.max(...INTEGRATIONS.map(({ name }) => name.length));

const HELP = `Usage: jetstream-status integrate TARGET [--url URL] [--config FILE]

Prints ready configuration of another tool for the components of the configuration. Nothing is connected to, and files
with credentials need not be there; none of their content is printed.

Targets:
${INTEGRATIONS.map(({ name, summary }) => `  ${name.padEnd(WIDTH)}  ${summary}`).join('\n')}

  --url URL      address under which the other tool reaches the service; default: page.url of the configuration

${CONFIG_HELP}
Exit codes: 0, 2 when the configuration is refused, 64 for a wrong command line.
`;

export const integrate: Command = {
  help: HELP,
  async run(args, { env, cwd, stdout }) {
    const { options, words } = parseArguments(args, { values: ['config', 'url'], words: true });
    const target = targetOf(words);
    const given = options.url === undefined ? undefined : parseServiceUrl(options.url);
    const { config } = await loadConfig({ configPath: options.config, env, cwd }, { checkFiles: false });
    const url =
      given ??
      (config.page.url === undefined
        ? undefined
        : parseServiceUrl(config.page.url, 'page.url of the configuration'));
    if (url === undefined)
      throw new UsageError('option --url is missing: where does the other tool reach the service?');
    stdout(target.render(config, url));
    return 0;
  },
};

function targetOf([typed, ...more]: readonly string[]): Integration {
  const names = INTEGRATIONS.map(({ name }) => name);
  if (typed === undefined) throw new UsageError(`the target is missing (${names.join(', ')})`);
  if (more.length > 0) throw new UsageError('only one target can be printed at a time');
  const target = INTEGRATIONS.find(({ name }) => name === typed);
  if (target === undefined) throw new UsageError(unknownWord('target', typed, names));
  return target;
}
