import { readFileSync } from 'node:fs';
import { shippedFile } from '../../shipped-file.js';
import type { Route } from '../app.js';
import { createStaticResponder } from '../static-answer.js';

const FILES = [
  { name: 'page.css', type: 'text/css; charset=utf-8' },
  { name: 'page.js', type: 'text/javascript; charset=utf-8' },
] as const;

/** The style sheet and the script of the page, as they are. */
export function pageFileRoutes(): Route[] {
  return FILES.map(({ name, type }) => {
    const text = readFileSync(shippedFile(`render/${name}`), 'utf8');
    const respond = createStaticResponder(type, () => text);
    return { path: `/${name}`, find: () => respond };
  });
}
