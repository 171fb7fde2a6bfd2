import type { Config } from '../config/config.js';

/** Writes the configuration of another tool. Pure; `url` is the public address of the service, without slash at its end. */
export type RenderIntegration = (config: Config, url: string) => string;

export interface Integration {
  /** As it is typed. */
  readonly name: string;
  /** What is printed and where it goes, for the help text. */
  readonly summary: string;
  readonly render: RenderIntegration;
}
