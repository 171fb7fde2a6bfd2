import { parseArgs } from 'node:util';
import { decodeConsumerInfo } from '../../src/jetstream/consumer-info.js';
import { fuzzDecoder } from './decoder.js';
import { readFixtures } from '../support/consumer-info.js';
import { fuzzHttp } from './http.js';
import { randomSeed } from '../support/random.js';
import { startFuzzTarget } from './target.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomSeed()) },
    requests: { type: 'string', default: '100000' },
    answers: { type: 'string', default: '1000000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write('npm run fuzz -- [--seed N] [--requests 100000] [--answers 1000000]\n');
  process.exit(0);
}
const seed = Number(values.seed);
process.stdout.write(`seed ${String(seed)}\n`);

const { service, port, probe } = await startFuzzTarget();
const startedAt = performance.now();
const http = await fuzzHttp({
  ...{ port, probe, seed, count: Number(values.requests) },
  onProgress(done) {
    if (done % 10_000 === 0) process.stdout.write(`${String(done)} requests\n`);
  },
});
const httpSeconds = (performance.now() - startedAt) / 1000;
const exit = await service.stop();
const logLines = service.output().trim().split('\n').length;

const fixtures = [...(await readFixtures()).values()];
const decodingAt = performance.now();
const decoder = fuzzDecoder(decodeConsumerInfo, { fixtures, seed, count: Number(values.answers) });
const decoderSeconds = (performance.now() - decodingAt) / 1000;

const codes = [...http.codes]
  .sort(([a], [b]) => a - b)
  .map(([code, times]) => `${String(code)} x ${String(times)}`);
const violations = [
  ...http.violations,
  ...decoder.violations,
  ...(exit === 0 ? [] : [`the service ended with ${String(exit)}`]),
  ...(logLines > httpSeconds + 20 ? [`${String(logLines)} log lines in ${httpSeconds.toFixed(0)} s`] : []),
];
process.stdout.write(`
requests   ${String(http.requests)} in ${httpSeconds.toFixed(0)} s, a good probe after every 1000; slowest ${(http.slowestMs / 1000).toFixed(1)} s
codes      ${codes.join(', ')}; ended without an answer: ${String(http.unanswered)}
log        ${String(logLines)} lines; exit code ${String(exit)}
decoder    ${String(decoder.inputs)} mutations of ${String(fixtures.length)} answers in ${decoderSeconds.toFixed(0)} s, ${String(decoder.accepted)} still valid
violations ${violations.length === 0 ? 'none' : `\n${violations.join('\n').slice(0, 4000)}`}
seed       ${String(seed)}
`);
process.exitCode = violations.length === 0 ? 0 : 1;
