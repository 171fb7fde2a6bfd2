import { connect } from 'node:net';

/**
 * A request as its bytes, for keep-alive.
 *
 * @param {string} target
 * @param {{ method?: string, etag?: string | undefined }} [options]
 */
export function requestBytes(target, { method = 'GET', etag } = {}) {
  const condition = etag === undefined ? '' : `If-None-Match: ${etag}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n${condition}\r\n`;
}

/**
 * One answer read byte by byte from a socket of its own.
 *
 * @typedef {{ code: number, headers: string[], body: string, raw: string }} Answer headers flat, as they came
 * @param {number} port @param {string} request @returns {Promise<Answer>}
 */
export function exchange(port, request) {
  const once = request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(once));
    /** @type {Buffer[]} */
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const end = raw.indexOf('\r\n\r\n');
      const [first = '', ...lines] = raw.slice(0, end).split('\r\n');
      const headers = lines.flatMap((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      });
      resolve({ code: Number(first.split(' ')[1]), headers, body: raw.slice(end + 4), raw });
    });
  });
}

/** @param {readonly string[]} headers flat @param {string} name in lower case */
export function headerOf(headers, name) {
  const at = headers.findIndex((word, index) => index % 2 === 0 && word.toLowerCase() === name);
  return at === -1 ? undefined : headers[at + 1];
}

const BY_NODE = ['date', 'connection', 'keep-alive'];

/**
 * What a server needs to give the same answer: all headers but those that Node adds by itself.
 *
 * @param {Answer} answer
 */
export function ownHeaders({ headers }) {
  return headers.filter((_, index) => !BY_NODE.includes((headers[index - (index % 2)] ?? '').toLowerCase()));
}

/**
 * The answer as it must be whoever gives it: without the words that say when. Header names and their order do not
 * count, every value does.
 *
 * @param {Answer} answer
 */
export function timeless({ code, headers, body }) {
  const lines = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase();
    lines.push(
      ['date', 'x-snapshot-age', 'x-snapshot-time'].includes(name) ? name : `${name}: ${headers[at + 1]}`,
    );
  }
  return [code, ...lines.sort(), body].join('\n');
}
