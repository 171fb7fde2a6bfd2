import type { Clock } from '../clock.js';
import type { Environment } from '../config/environment.js';

/** What a command may use of the process it runs in. */
export interface CommandIo {
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Columns of the terminal that stdout or stderr goes to; undefined where it goes somewhere else. */
  readonly columns: { readonly stdout: number | undefined; readonly stderr: number | undefined };
}

export interface Command {
  /** Answer to `--help`. */
  readonly help: string;
  /**
   * @param args what follows the command's name
   * @returns the exit code
   * @throws UsageError, ConfigError
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}
