import type { ComponentConfig } from '../config/config.js';
import type { Integration } from './integration.js';
import { componentUrl, QUESTIONS } from './public-status.js';
import type { Question } from './public-status.js';
import { yamlText } from './yaml-text.js';

const COMMENT = [
  'For the `endpoints` of the Gatus configuration (config.yaml). Two endpoints per component tell up, degraded and down',
  'apart; put your `alerts` beside the conditions.',
];

/** Old figures need no condition: they are degraded, and later down. */
const STATUS = { up: '[BODY].status == up', 'not-down': '[BODY].status == any(up, degraded)' };

export const gatus: Integration = {
  name: 'gatus',
  summary: 'endpoints for its config.yaml',
  render: (config, url) =>
    yamlText(COMMENT, {
      endpoints: config.components.flatMap((component) =>
        QUESTIONS.map((question) => endpoint(component, question, url)),
      ),
    }),
};

function endpoint(component: ComponentConfig, { key, words }: Question, url: string): object {
  return {
    // Gatus refuses two endpoints of one name in a group; names of components need not differ, ids do.
    name: `${component.id} ${words}`,
    group: component.name,
    url: componentUrl(component, url),
    interval: '60s',
    conditions: ['[STATUS] == 200', STATUS[key], '[RESPONSE_TIME] < 5000'],
  };
}
