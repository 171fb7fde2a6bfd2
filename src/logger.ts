import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import type { LogOutput } from './log-output.js';
import { createLogOutput } from './log-output.js';

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: string;
  /** Values that must never be written, whatever message they come in: passwords, tokens, seeds. */
  readonly secrets?: readonly string[];
  /** Shared by all loggers of a process, one for each configuration it has had. Default: stdout. */
  readonly output?: LogOutput;
}

const REDACTED = '[redacted]';
const SECRET_KEYS = ['password', 'pass', 'token', 'creds', 'seed', 'nkey', 'jwt'];
/** JSON lines. The only importer of pino. */
export function createLogger({ level, secrets = [], output = createLogOutput() }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: REDACTED },
      hooks: { streamWrite: redactor(secrets) },
    },
    output,
  );
}

function redactor(secrets: readonly string[]): (line: string) => string {
  // As they stand in JSON; the longest first, so that one that contains another leaves nothing behind.
  const hidden = secrets
    .filter((secret) => secret !== '')
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  return (line) => hidden.reduce((text, secret) => text.replaceAll(secret, REDACTED), line);
}
