import type { Command } from './command.js';

export interface CommandRow {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Only the command that runs is loaded, with what it needs. */
  readonly load: () => Promise<Command>;
}

/** Every command of the program; the first is the default. A new one is a file in this folder and a row here. */
export const COMMANDS = [
  {
    name: 'serve',
    summary: 'run the service (the default)',
    load: async () => (await import('./serve.js')).serve,
  },
  {
    name: 'check-config',
    summary: 'validate the configuration and print what results from it',
    load: async () => (await import('./check-config.js')).checkConfig,
  },
  {
    name: 'discover',
    summary: 'ask the NATS server for consumers and print a configuration that watches them',
    load: async () => (await import('./discover.js')).discover,
  },
  {
    name: 'status',
    summary: 'ask a running service, print a table and exit with 0, 1, 2 or 3; can wait until all is up',
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'integrate',
    summary: 'print ready configuration for status pages, monitors, Kubernetes and pipelines',
    load: async () => (await import('./integrate.js')).integrate,
  },
] as const satisfies readonly CommandRow[];
