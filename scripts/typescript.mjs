// Lets Node load the TypeScript of src and test: for programs that run too long for a test runner
// (`node --import ./scripts/typescript.mjs file.ts`), and for scripts that need a module of the program. Types are
// dropped, not checked; `npm run check:types` does that.
import { register } from 'node:module';

register('./typescript/hooks.mjs', import.meta.url);

/** A module of the program. @param {string} path in src/ */
export const importSource = (path) => import(new URL(`../src/${path}`, import.meta.url).href);
