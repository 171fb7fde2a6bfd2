import { renderAllComponents, renderComponentHealth } from '../../render/status-json.js';
import { JSON_TYPE } from '../headers.js';
import type { ComponentView, PlatformView } from '../views.js';

/** The health of one component: the answer this service is about. */
export const COMPONENT_STATUS: ComponentView = {
  path: '',
  type: JSON_TYPE,
  obeysStrict: true,
  render: ({ health }) => renderComponentHealth(health),
};

/** The health of all components. */
export const PLATFORM_STATUS: PlatformView = {
  path: '/api/v2/status',
  type: JSON_TYPE,
  obeysStrict: true,
  render: renderAllComponents,
};
