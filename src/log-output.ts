import { fstatSync, write } from 'node:fs';

/** Takes whole lines and never throws, waits or blocks; what cannot be written in time is lost. */
export interface LogOutput {
  write(line: string): void;
}

/** Lines that wait for a slow reader or disk; more are dropped. */
const MAX_WAITING = 1024 * 1024;

/**
 * Lines on stdout. Not pino's own destination: at the exit that one goes on writing until it succeeds, which on a full
 * disk or with a reader that stopped reading is for ever.
 */
export function createLogOutput(): LogOutput {
  return isFile() ? createFileOutput(1) : createPipeOutput(process.stdout);
}

/** A file, or a device such as /dev/null; not a terminal. */
function isFile(): boolean {
  const stat = fstatSync(1);
  return stat.isFile() || (stat.isCharacterDevice() && !process.stdout.isTTY);
}

/** One write at a time, off the event loop. After a failed one the next line is tried: disks get space again. */
export function createFileOutput(fd: number): LogOutput {
  let waiting = '';
  let isWriting = false;

  const writeOut = (bytes: Buffer): void => {
    isWriting = true;
    write(fd, bytes, (error, written) => {
      isWriting = false;
      if (error === null && written < bytes.length) {
        writeOut(bytes.subarray(written));
      } else if (waiting !== '' && error === null) {
        writeNext();
      }
    });
  };
  const writeNext = (): void => {
    const bytes = Buffer.from(waiting);
    waiting = '';
    writeOut(bytes);
  };
  return {
    write(line) {
      if (waiting.length > MAX_WAITING) return;
      waiting += line;
      if (!isWriting) writeNext();
    },
  };
}

function createPipeOutput(stream: NodeJS.WriteStream): LogOutput {
  // A reader that left costs log lines and nothing else.
  stream.on('error', () => undefined);
  return {
    write(line) {
      if (stream.writableLength <= MAX_WAITING && stream.writable) stream.write(line);
    },
  };
}
