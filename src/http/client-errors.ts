import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ConstantAnswer } from './constant-answer.js';
import { PROBLEMS, sendProblem } from './problems.js';

/** How many requests were refused before they were requests, by the code they were refused with. */
export type Rejections = Readonly<Record<number, number>>;

/** How long a refused client may take to read the reason before its socket is destroyed. */
const LINGER_MS = 1000;

/**
 * Answers requests that Node's parser refuses, in the form of all other problems. They are counted and not logged,
 * since whoever sends them decides how many there are.
 */
export function answerClientErrors(server: Server): Rejections {
  const rejections: Record<number, number> = { 400: 0, 408: 0, 413: 0, 431: 0 };

  const reject = (socket: Socket, answer: ConstantAnswer): void => {
    rejections[answer.code] = (rejections[answer.code] ?? 0) + 1;
    socket.end(rawAnswer(answer));
    // Not destroyed at once: data still on its way in would make the kernel throw the answer away.
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };

  server.on(
    'clientError',
    (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse }) => {
      // Answered already; the rest of what the client sends fails again.
      if (socket.writableEnded) return;
      // Gone, or in the middle of another answer, which these bytes would corrupt.
      const answering = socket._httpMessage;
      const cutsIn = answering?.headersSent === true && !answering.writableEnded;
      if (!socket.writable || error.code === 'ECONNRESET' || cutsIn) {
        socket.destroy(error);
        return;
      }
      reject(socket, problemOf(error.code));
    },
  );
  server.on('connect', (_req, socket: Socket) => {
    // Node has let go of this socket: without a listener its errors would end the process.
    socket.on('error', () => undefined);
    reject(socket, PROBLEMS.malformed);
  });
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => {
    sendProblem(req, res, PROBLEMS.expectation);
  });
  return rejections;
}

/** A handler of one's own takes the place of the one in Node that chooses these codes. */
function problemOf(code: string | undefined): ConstantAnswer {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return PROBLEMS.headersTooLarge;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return PROBLEMS.bodyTooLarge;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return PROBLEMS.timeout;
    default:
      return PROBLEMS.malformed;
  }
}

function rawAnswer({ code, headers, body }: ConstantAnswer): string {
  const lines = [`HTTP/1.1 ${String(code)} ${STATUS_CODES[code] ?? ''}`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i] ?? ''}: ${headers[i + 1] ?? ''}`);
  return [...lines, 'Connection: close', '', body].join('\r\n');
}
