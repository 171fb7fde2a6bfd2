// `npm run fuzz`: mutated requests to the service and mutated answers to its decoder. `-- --help` tells the options.
import { runProgram } from './program.mjs';

await runProgram('test/fuzz/main.ts', { needsNats: false });
