import { renderOpenApi } from '../../render/openapi.js';
import { openApi } from '../../render/shapes.js';
import type { Route } from '../app.js';
import { JSON_TYPE } from '../headers.js';
import { createStaticResponder } from '../static-answer.js';

/** The description of all routes that describe themselves, and of itself. */
export function openapiRoute(routes: readonly Route[], componentIds: readonly string[]): Route {
  const operation = { summary: 'The OpenAPI description of all of these', type: JSON_TYPE, shape: openApi };
  const route: Route = { path: '/openapi.json', operation, find: () => respond };
  const operations = [...routes, route].flatMap(({ path, operation: described }) =>
    described === undefined ? [] : [{ path, operation: described }],
  );
  const respond = createStaticResponder(JSON_TYPE, () => renderOpenApi({ operations, componentIds }));
  return route;
}
