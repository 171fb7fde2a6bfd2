import { expect, test } from '@jest/globals';
import { fuzzHttp } from './http.js';
import { randomSeed } from '../support/random.js';
import { startFuzzTarget } from './target.js';

test('mutated requests get documented codes, and the service goes on', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? randomSeed());
  const { service, port, probe } = await startFuzzTarget();
  const { violations, codes } = await fuzzHttp({ port, probe, seed, count: 3000 });
  expect({ seed, violations }).toEqual({ seed, violations: [] });
  // Most are wrong, but not all of them wrong in the same way.
  for (const code of [200, 204, 400, 404, 405, 417, 431]) expect([...codes.keys()]).toContain(code);
  // However many requests are refused, they cost no log lines.
  expect(service.output().split('\n').length).toBeLessThan(20);
  expect(await service.stop()).toBe(0);
}, 60_000);
