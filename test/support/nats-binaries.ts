import { describe, test } from '@jest/globals';
import type { NatsBinary } from './nats-binary.js';
import { isAtLeast, natsBinaries } from './nats-binary.js';

export type { NatsBinary };
export { isAtLeast, natsBinaries };

/**
 * `describe` once per server. Without any, one visible skipped test; with `CI` or `REQUIRE_NATS=1` set, a failing one.
 */
export function describeWithNats(name: string, suite: (binary: NatsBinary) => void): void {
  const binaries = natsBinaries();
  if (binaries.length > 0) {
    describe.each(binaries.map((binary) => [binary.version, binary] as const))(
      `${name} (nats-server %s)`,
      (_, binary) => {
        suite(binary);
      },
    );
    return;
  }
  const isRequired = process.env.CI !== undefined || process.env.REQUIRE_NATS === '1';
  describe(name, () => {
    (isRequired ? test : test.skip)('needs a nats-server, and none was found', () => {
      throw new Error('no nats-server: set NATS_SERVER_BIN or put one on the PATH');
    });
  });
}
