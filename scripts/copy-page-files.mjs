// Part of `npm run build`: puts the files that the page consists of beside the compiled code, as they are.
import { copyFile } from 'node:fs/promises';

for (const name of ['page.css', 'page.js']) {
  /** @param {string} folder */
  const at = (folder) => new URL(`../${folder}/render/${name}`, import.meta.url);
  await copyFile(at('src'), at('dist'));
}
