// `node --import ./scripts/typescript.mjs file.ts`: lets Node run the TypeScript of src and test, for programs that
// run too long for a test runner. Types are dropped, not checked; `npm run check:types` does that.
import { register } from 'node:module';

register('./typescript/hooks.mjs', import.meta.url);
