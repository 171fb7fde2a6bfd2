// `npm run build`: makes dist/ of src/, with all that it imports. Loading some four hundred modules one by one took most
// of a start, and more memory (`npm run bench`). V8 keeps the text as long as the program runs, so comments and spaces are
// left out, a third of it; names stay, and lines are short, so stack traces can be read. The packages stay `dependencies`
// in package.json, where everybody looks for what a program is made of.
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const DIST = join(ROOT, 'dist');
/** A build that is broken off must not pass as one. */
const UNFINISHED = join(ROOT, '.cache', 'dist');
/** The page consists of these files as they are. */
const PAGE_FILES = ['page.css', 'page.js'];

await rm(UNFINISHED, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/main.ts'],
  outdir: UNFINISHED,
  bundle: true,
  // A command loads only what it needs.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // The same wherever it is built: the image has no tsconfig.json.
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  // Asked for by `debug` where it happens to be installed, as it is with development tools.
  external: ['supports-color'],
  legalComments: 'none',
  minifyWhitespace: true,
  lineLimit: 120,
  logLevel: 'warning',
  metafile: true,
  // Packages in the older module format ask for Node's own modules that way.
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
});

await mkdir(join(UNFINISHED, 'render'));
for (const name of PAGE_FILES) {
  await copyFile(join(ROOT, 'src', 'render', name), join(UNFINISHED, 'render', name));
}
await writeFile(join(UNFINISHED, 'third-party-licenses.txt'), await licensesOf(Object.keys(metafile.inputs)));
await rm(DIST, { recursive: true, force: true });
await rename(UNFINISHED, DIST);

/**
 * What the packages in the built program ask to be told with it.
 *
 * @param {readonly string[]} inputs paths in the checkout
 */
async function licensesOf(inputs) {
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const packages = [...new Set(folders.filter((folder) => folder !== undefined))].sort();
  const texts = packages.map(async (folder) => {
    const at = join(ROOT, folder);
    const { name, version, license } = JSON.parse(await readFile(join(at, 'package.json'), 'utf8'));
    const file = (await readdir(at)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    const text =
      file === undefined ? 'It comes without a license file.' : await readFile(join(at, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n`);
}
