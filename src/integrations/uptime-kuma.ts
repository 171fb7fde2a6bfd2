import type { ComponentConfig } from '../config/config.js';
import type { Integration } from './integration.js';
import { componentUrl, QUESTIONS } from './public-status.js';
import type { Question } from './public-status.js';

const INTERVAL_SECONDS = 60;

/** The path is JSONata; both sides are compared as text. */
const QUERY = {
  up: { jsonPath: 'status', jsonPathOperator: '==', expectedValue: 'up' },
  'not-down': { jsonPath: 'status', jsonPathOperator: '!=', expectedValue: 'down' },
};

/** JSON takes no comments: where it goes stands in the summary. */
export const uptimeKuma: Integration = {
  name: 'uptime-kuma',
  summary: 'monitors of type "HTTP(s) - Json Query" as JSON, keys as in its form and API (version 2)',
  render: (config, url) =>
    `${JSON.stringify(
      config.components.flatMap((component) =>
        QUESTIONS.map((question) => monitor(component, question, url)),
      ),
      null,
      2,
    )}\n`,
};

function monitor(component: ComponentConfig, { key, words }: Question, url: string): object {
  return {
    type: 'json-query',
    name: `${component.name} ${words}`,
    url: componentUrl(component, url),
    method: 'GET',
    interval: INTERVAL_SECONDS,
    retryInterval: INTERVAL_SECONDS,
    resendInterval: 0,
    maxretries: 1,
    timeout: 10,
    accepted_statuscodes: ['200'],
    maxredirects: 0,
    ...QUERY[key],
  };
}
