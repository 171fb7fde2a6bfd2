// `npm run soak -- MINUTES`: load and a random fault every 20 s; ends with a report. `--seed N` repeats one.
import { runProgram } from './program.mjs';

await runProgram('test/soak/soak.ts');
