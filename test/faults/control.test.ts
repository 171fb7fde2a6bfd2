import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { describeWithNats, natsBinaries } from '../support/nats-binaries.js';
import { atOnce, playRow } from './play.js';
import { SHORT_TIMES } from './row.js';
import { ROWS } from './rows/rows.js';

const DEFAULT_POLLER = fileURLToPath(new URL('./control/default-poller.mjs', import.meta.url));
/** Rows that a poller with the client's defaults does not survive. */
const FAILS = ['1', '2', '5p', '7', '8', '20'];
/** Rows that it does: it is no straw man. */
const PASSES = ['3', '11'];

describeWithNats('a poller with the default options of the client', (binary) => {
  test('fails the rows that these tests are there for, and passes easy ones', async () => {
    const rows = ROWS.filter(({ id }) => [...FAILS, ...PASSES].includes(id));
    const outcomes = await atOnce(rows, {
      limit: rows.length,
      play: (row) =>
        playRow(row, { binary, binaries: natsBinaries(), times: SHORT_TIMES, program: DEFAULT_POLLER }),
    });
    const failed = outcomes.filter(({ error }) => error !== undefined).map(({ row }) => row.id);
    expect(failed.sort()).toEqual([...FAILS].sort());
  }, 120_000);
});
