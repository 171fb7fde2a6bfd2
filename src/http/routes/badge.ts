import type { BadgeContent } from '../../render/badge.js';
import { renderBadgeJson, renderBadgeSvg } from '../../render/badge.js';
import { badge } from '../../render/shapes.js';
import type { ComponentEntry } from '../../render/status-json.js';
import { JSON_TYPE, SVG_TYPE } from '../headers.js';
import type { ComponentView } from '../views.js';

/** The status of one component as an image for other pages, and as what shields.io makes an image from. */
export const BADGE_VIEWS: readonly ComponentView[] = [
  {
    path: '/badge.svg',
    summary: 'The status of one component as an image',
    type: SVG_TYPE,
    obeysStrict: false,
    render: (entry) => renderBadgeSvg(contentOf(entry)),
  },
  {
    path: '/badge.json',
    summary: 'The same for the endpoint badge of shields.io',
    type: JSON_TYPE,
    shape: badge,
    obeysStrict: false,
    render: (entry) => renderBadgeJson(contentOf(entry)),
  },
];

function contentOf({ name, health }: ComponentEntry): BadgeContent {
  return { label: name, status: health.status };
}
