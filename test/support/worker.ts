import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./worker-process.mjs', import.meta.url));

export interface WorkerOptions {
  readonly url: string;
  readonly stream: string;
  readonly consumer: string;
  /** How it asks for messages: a name of the STYLES of worker-process.mjs. */
  readonly style: 'consume' | 'consume one' | 'fetch' | 'next' | 'push' | 'queue';
  /** For each message, ms. */
  readonly workMs: number;
  /** How often it says that it is still at it, ms; never when absent. */
  readonly workingMs?: number;
}

/** A worker process that is connected; it ends with the process that started it. */
export async function startWorker(options: WorkerOptions): Promise<ChildProcess> {
  const { url, stream, consumer, style, workMs, workingMs = 0 } = options;
  const worker = fork(PROGRAM, [url, stream, consumer, style, String(workMs), String(workingMs)]);
  await once(worker, 'message');
  return worker;
}

/** Ends it without a word, as a crash does. */
export async function killWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
}
