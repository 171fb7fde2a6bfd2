import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: string;
  /** Values that must never be written, whatever message they come in: passwords, tokens, seeds. */
  readonly secrets?: readonly string[];
}

const REDACTED = '[redacted]';
const SECRET_KEYS = ['password', 'pass', 'token', 'creds', 'seed', 'nkey', 'jwt'];
/** Lines that wait for a slow reader; more are dropped. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** JSON lines on stdout. The only importer of pino. */
export function createLogger({ level, secrets = [] }: LoggerOptions): Logger {
  // Asynchronous: a reader that stopped reading must not stop the event loop.
  const destination = pino.destination({ dest: 1, sync: false, maxLength: MAX_BUFFERED_BYTES });
  // A full disk or a closed pipe costs log lines and nothing else.
  destination.on('error', () => undefined);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: REDACTED },
      hooks: { streamWrite: redactor(secrets) },
    },
    destination,
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
