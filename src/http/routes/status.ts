import { allComponents, componentHealth } from '../../render/shapes.js';
import { renderAllComponents, renderComponentHealth } from '../../render/status-json.js';
import { JSON_TYPE } from '../headers.js';
import type { ComponentView, PlatformView } from '../views.js';

/** The health of one component: the answer this service is about. */
export const COMPONENT_STATUS: ComponentView = {
  path: '',
  summary: 'The health of one component',
  type: JSON_TYPE,
  shape: componentHealth,
  obeysStrict: true,
  render: ({ health }) => renderComponentHealth(health),
};

/** The health of all components. */
export const PLATFORM_STATUS: PlatformView = {
  path: '/api/v2/status',
  summary: 'The health of all components, and the worst of it',
  type: JSON_TYPE,
  shape: allComponents,
  obeysStrict: true,
  render: renderAllComponents,
};
