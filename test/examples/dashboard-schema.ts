/**
 * The parts of Grafana's dashboard model that an import needs to be right. Grafana publishes no JSON schema of it that
 * could be taken as it is.
 */
const text = { type: 'string', minLength: 1 };
const datasource = {
  type: 'object',
  required: ['type', 'uid'],
  properties: { type: { const: 'prometheus' }, uid: { const: '${datasource}' } },
};
const target = {
  type: 'object',
  required: ['refId', 'expr', 'datasource', 'legendFormat'],
  properties: {
    refId: { type: 'string', pattern: '^[A-Z]$' },
    expr: text,
    legendFormat: text,
    datasource,
    instant: { type: 'boolean' },
    range: { type: 'boolean' },
  },
};
const thresholds = {
  type: 'object',
  required: ['mode', 'steps'],
  properties: {
    mode: { enum: ['absolute', 'percentage'] },
    steps: {
      type: 'array',
      minItems: 1,
      // The first step is the one below all values.
      prefixItems: [{ type: 'object', properties: { value: { type: 'null' } } }],
      items: {
        type: 'object',
        required: ['color', 'value'],
        properties: { color: text, value: { type: ['number', 'null'] } },
      },
    },
  },
};
const panel = {
  type: 'object',
  required: [
    'id',
    'type',
    'title',
    'description',
    'datasource',
    'gridPos',
    'targets',
    'fieldConfig',
    'options',
  ],
  properties: {
    id: { type: 'integer', minimum: 1 },
    type: { enum: ['stat', 'state-timeline', 'timeseries'] },
    title: text,
    description: text,
    datasource,
    gridPos: {
      type: 'object',
      required: ['x', 'y', 'w', 'h'],
      properties: {
        x: { type: 'integer', minimum: 0, maximum: 23 },
        y: { type: 'integer', minimum: 0 },
        w: { type: 'integer', minimum: 1, maximum: 24 },
        h: { type: 'integer', minimum: 1 },
      },
    },
    targets: { type: 'array', minItems: 1, items: target },
    fieldConfig: {
      type: 'object',
      required: ['defaults', 'overrides'],
      properties: {
        defaults: {
          type: 'object',
          properties: {
            unit: { enum: ['none', 'short', 's', 'reqps', 'ops'] },
            min: { type: 'number' },
            max: { type: 'number' },
            thresholds,
            mappings: { type: 'array' },
          },
        },
        overrides: { type: 'array' },
      },
    },
  },
};
const variable = {
  type: 'object',
  required: ['name', 'type', 'query'],
  properties: {
    name: { type: 'string', pattern: '^\\w+$' },
    type: { enum: ['datasource', 'query'] },
    hide: { enum: [0, 1, 2] },
    refresh: { enum: [0, 1, 2] },
  },
};

export const DASHBOARD_SCHEMA = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'time', 'templating', 'annotations', 'panels'],
  properties: {
    // An id is given by the Grafana that imports it.
    id: false,
    uid: { type: 'string', pattern: '^[\\w-]{1,40}$' },
    title: text,
    schemaVersion: { type: 'integer', minimum: 36, maximum: 42 },
    version: { type: 'integer' },
    tags: { type: 'array', items: text },
    graphTooltip: { enum: [0, 1, 2] },
    refresh: { type: 'string', pattern: '^\\d+[smh]$' },
    time: { type: 'object', required: ['from', 'to'], properties: { from: text, to: text } },
    annotations: { type: 'object', required: ['list'], properties: { list: { type: 'array' } } },
    templating: {
      type: 'object',
      required: ['list'],
      properties: { list: { type: 'array', items: variable } },
    },
    panels: { type: 'array', minItems: 1, items: panel },
  },
};
