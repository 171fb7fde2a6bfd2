// `npm run chaos`: every row of the table of faults, on every server named, each twice. `-- --help` tells the options.
import { runProgram } from './program.mjs';

await runProgram('test/faults/chaos.ts');
