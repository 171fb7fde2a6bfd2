import { expect, test } from '@jest/globals';
import { describeWithNats, natsBinaries } from '../support/nats-binaries.js';
import type { Outcome } from './play.js';
import { atOnce, playRow } from './play.js';
import { SHORT_TIMES } from './row.js';
import { ROWS } from './rows/rows.js';

/** They wait most of the time. */
const ROWS_AT_ONCE = 6;

describeWithNats('faults', (binary) => {
  const rows = ROWS.filter(({ isShort }) => isShort);
  const binaries = natsBinaries();
  let outcomes: Promise<Outcome[]> | undefined;

  // All are begun by the first test; each test is then told its own row's outcome.
  test.each(rows.map((row, index) => [row.id, row.fault, index] as const))(
    '%s %s',
    async (_, __, index) => {
      outcomes ??= atOnce(rows, {
        limit: ROWS_AT_ONCE,
        play: (row) => playRow(row, { binary, binaries, times: SHORT_TIMES }),
      });
      const outcome = (await outcomes)[index];
      expect(outcome?.error).toBeUndefined();
    },
    180_000,
  );
});
