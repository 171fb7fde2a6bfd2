// The reference: bare node:http writing the same bytes. A Map lookup, the flat header list as it is, the age.
import { createServer } from 'node:http';
import { listen } from './listen.mjs';

listen((answers) => {
  const byTarget = new Map(
    answers.map((answer) => [answer.target, { ...answer, startedAt: performance.now() }]),
  );
  const server = createServer((req, res) => {
    const answer = byTarget.get(req.url ?? '');
    if (answer === undefined) {
      res.writeHead(404);
      res.end();
      return;
    }
    const isKnown = answer.etag !== undefined && req.headers['if-none-match'] === answer.etag;
    const headers = isKnown ? answer.notModifiedHeaders : answer.headers;
    if (answer.hasAge)
      headers[headers.length - 1] = ((performance.now() - answer.startedAt) / 1000).toFixed(3);
    res.writeHead(isKnown ? 304 : answer.code, headers);
    res.end(isKnown || req.method === 'HEAD' ? undefined : answer.body);
  });
  return server;
});
