import * as z from 'zod';
import { problem } from './shapes.js';

/** What an API description says about one path. Paths, answers and their shapes come from the routes themselves. */
export interface Operation {
  readonly summary: string;
  /** Content-Type of the answer. */
  readonly type: string;
  /** Shape of a JSON answer; undefined for anything else. */
  readonly shape?: z.ZodType;
  /**
   * The answer tells the age of its figures and can be asked for conditionally: about one component, or about several.
   */
  readonly snapshot?: 'component' | 'platform';
  /** `?strict` can turn the answer into 503. */
  readonly obeysStrict?: boolean;
  /** Why the answer can be 503 otherwise, and its shape when that is not a problem. */
  readonly unavailable?: { readonly why: string; readonly shape?: z.ZodType };
}

export interface ApiDescription {
  /** With path parameters as `:component`. */
  readonly operations: readonly { readonly path: string; readonly operation: Operation }[];
  readonly componentIds: readonly string[];
}

type JsonObject = Record<string, unknown>;

/** Of the paths and shapes, not of the program: it changes when a client would have to. */
const API_VERSION = '2.0.0';
const PROBLEM_TYPE = 'application/problem+json';

const HEADERS: Readonly<Record<string, { readonly description: string; readonly schema: JsonObject }>> = {
  'X-Snapshot-Age': {
    description: 'Seconds since the figures were read; absent when there are none yet',
    schema: { type: 'number', minimum: 0 },
  },
  'X-Snapshot-Time': {
    description: 'The moment the figures were read; absent when there are none yet',
    schema: { type: 'string', format: 'date-time' },
  },
  'X-Snapshot-State': {
    description: 'Whether the figures can be relied on',
    schema: { type: 'string', enum: ['fresh', 'stale', 'none'] },
  },
  'X-Component-Status': {
    description: 'Health of the component',
    schema: { $ref: '#/components/schemas/Status' },
  },
  ETag: { description: 'Changes with the body, and only with it', schema: { type: 'string' } },
  'Cache-Control': {
    description: 'Whether and for how long a cache may answer instead',
    schema: { type: 'string' },
  },
};

/** The OpenAPI 3.1 document of the public listener. */
export function renderOpenApi({ operations, componentIds }: ApiDescription): string {
  const schemas = new Map<string, JsonObject>();
  const schemaOf = (shape: z.ZodType): JsonObject => collectSchema(shape, schemas);
  const paths = Object.fromEntries(
    operations.map(({ path, operation }) => [
      path.replace(/:(\w+)/g, '{$1}'),
      { get: describeOperation(path, operation, schemaOf) },
    ]),
  );
  const responses = {
    Malformed: problemResponse('The request cannot be understood', schemaOf),
    NotFound: problemResponse('There is no such component', schemaOf),
  };
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'jetstream-status',
      description:
        'Whether the work behind JetStream consumers is being done. Answers come from figures that are read in' +
        ' rounds; how old they are stands in the headers. HEAD answers like GET without the body.',
      license: { name: 'MIT', identifier: 'MIT' },
      version: API_VERSION,
    },
    servers: [{ url: '/' }],
    security: [],
    paths,
    components: {
      parameters: {
        component: {
          name: 'component',
          in: 'path',
          required: true,
          description: 'Id of a component',
          schema: { type: 'string', enum: componentIds },
        },
        strict: {
          name: 'strict',
          in: 'query',
          required: false,
          allowEmptyValue: true,
          description:
            'Answers 503 instead of 200 when `down`, for monitors that only see codes; with the value `degraded`' +
            ' when `degraded` too. The body stays the same.',
          schema: { type: 'string' },
        },
        ifNoneMatch: {
          name: 'If-None-Match',
          in: 'header',
          required: false,
          description: 'ETag of an earlier answer',
          schema: { type: 'string' },
        },
      },
      headers: HEADERS,
      responses,
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  });
}

function describeOperation(
  path: string,
  operation: Operation,
  schemaOf: (shape: z.ZodType) => JsonObject,
): JsonObject {
  const { summary, type, shape, snapshot, obeysStrict = false, unavailable } = operation;
  const headers = headersOf(operation);
  const answer = (description: string): JsonObject => ({
    description,
    ...(headers === undefined ? {} : { headers }),
    content: { [mediaType(type)]: { schema: shape === undefined ? { type: 'string' } : schemaOf(shape) } },
  });
  const hasComponent = path.includes(':component');
  const parameters = [
    ...(hasComponent ? ['component'] : []),
    ...(obeysStrict ? ['strict'] : []),
    ...(snapshot === undefined ? [] : ['ifNoneMatch']),
  ];
  return {
    operationId: operationId(path),
    summary,
    ...(parameters.length === 0
      ? {}
      : { parameters: parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })) }),
    responses: {
      200: answer(summary),
      ...(snapshot === undefined ? {} : { 304: { description: 'Nothing else than before', headers } }),
      400: { $ref: '#/components/responses/Malformed' },
      ...(hasComponent ? { 404: { $ref: '#/components/responses/NotFound' } } : {}),
      ...(obeysStrict ? { 503: answer('The same answer, as `strict` asks for') } : {}),
      ...(unavailable === undefined
        ? {}
        : {
            503:
              unavailable.shape === undefined
                ? problemResponse(unavailable.why, schemaOf)
                : answer(unavailable.why),
          }),
    },
  };
}

function headersOf({ snapshot }: Operation): JsonObject | undefined {
  if (snapshot === undefined) return undefined;
  const names = Object.keys(HEADERS).filter(
    (name) => snapshot === 'component' || name !== 'X-Component-Status',
  );
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function problemResponse(description: string, schemaOf: (shape: z.ZodType) => JsonObject): JsonObject {
  return { description, content: { [PROBLEM_TYPE]: { schema: schemaOf(problem) } } };
}

/** Adds a shape and all that it refers to; @returns the reference to it */
function collectSchema(shape: z.ZodType, schemas: Map<string, JsonObject>): JsonObject {
  const text = JSON.stringify(z.toJSONSchema(shape)).replaceAll('#/$defs/', '#/components/schemas/');
  const { $defs = {}, $ref } = JSON.parse(text) as { $defs?: Record<string, JsonObject>; $ref?: string };
  for (const [name, schema] of Object.entries($defs)) schemas.set(name, schema);
  if ($ref === undefined) throw new Error('a public shape needs an id');
  return { $ref };
}

function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0] ?? contentType;
}

/** `/api/v2/status/:component/badge.svg` is `statusComponentBadgeSvg`. */
function operationId(path: string): string {
  const words = path
    .replace('/api/v2', '')
    .split(/\W+/)
    .filter((word) => word !== '');
  const [first = 'page', ...rest] = words;
  return first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}
