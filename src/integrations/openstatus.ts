import type { ComponentConfig } from '../config/config.js';
import type { Integration } from './integration.js';
import { ANY, componentUrl, DOWN, QUESTIONS, UP } from './public-status.js';
import type { Question } from './public-status.js';
import { yamlText } from './yaml-text.js';

const COMMENT = [
  'yaml-language-server: $schema=https://www.openstatus.dev/schema.json',
  '',
  'openstatus.yaml: try it with `openstatus monitors apply --dry-run`; the token is in OPENSTATUS_API_TOKEN.',
  'Two monitors per component tell up, degraded and down apart.',
  '',
  'The body is compared as text, and the age of the figures by a header: OpenStatus accepts jsonBody assertions but',
  'does not evaluate them, so those would always pass. With any assertion its own check of the code is off; hence',
  'statusCode.',
];

/** What the checker evaluates; `header` compares as text and wants the canonical spelling of the key. */
const CODE = { kind: 'statusCode', compare: 'eq', target: 200 };
const ASSERTIONS = {
  up: [
    CODE,
    { kind: 'textBody', compare: 'contains', target: UP },
    { kind: 'header', key: 'X-Snapshot-State', compare: 'eq', target: 'fresh' },
  ],
  // Not about fresh figures: those that are old are degraded first, and down later.
  'not-down': [
    CODE,
    // An empty page does not say "down" either.
    { kind: 'textBody', compare: 'contains', target: ANY },
    { kind: 'textBody', compare: 'not_contains', target: DOWN },
  ],
};

export const openstatus: Integration = {
  name: 'openstatus',
  summary: 'openstatus.yaml for `openstatus monitors apply`',
  render(config, url) {
    const monitors = config.components.flatMap((component) =>
      QUESTIONS.map(
        (question) => [`${component.id}-${question.key}`, monitor(component, question, url)] as const,
      ),
    );
    // An object would put numbers first.
    return yamlText(COMMENT, new Map(monitors));
  },
};

function monitor(component: ComponentConfig, { key, words }: Question, url: string): object {
  return {
    name: `${component.name} ${words}`,
    description: `Whether ${component.name} ${words}, as jetstream-status sees it`,
    frequency: '1m',
    active: true,
    regions: ['fra', 'iad', 'sin'],
    retry: 2,
    public: false,
    kind: 'http',
    timeout: 10_000,
    request: { url: componentUrl(component, url), method: 'GET', followRedirects: false },
    assertions: ASSERTIONS[key],
  };
}
