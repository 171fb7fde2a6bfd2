import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: string;
  /** Values that must never be written, whatever message they come in: passwords, tokens, seeds. */
  readonly secrets?: readonly string[];
}

const REDACTED = '[redacted]';

/** JSON lines on stdout. The only importer of pino. */
export function createLogger({ level, secrets = [] }: LoggerOptions): Logger {
  // Longest first: a secret that contains another must not leave its rest behind.
  const hidden = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: REDACTED },
    hooks: {
      streamWrite: (line) =>
        hidden.reduce((text, secret) => text.replaceAll(JSON.stringify(secret).slice(1, -1), REDACTED), line),
    },
  });
}

const SECRET_KEYS = ['password', 'pass', 'token', 'creds', 'seed', 'nkey', 'jwt'];
const SECRET_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
