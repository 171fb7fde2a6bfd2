/**
 * The public JSON shapes, each with the words that explain it. What renders a shape has its type from here and the API
 * description its schema, so neither can say something else than the other.
 */
import * as z from 'zod';
import { STATUSES } from '../health/component-health.js';
import type { FigureName } from '../health/figures.js';
import { FIGURE_NAMES, FIGURES } from '../health/figures.js';

const figures = Object.fromEntries(
  FIGURE_NAMES.map((name) => [name, z.int().min(0).describe(FIGURES[name].meaning)]),
) as Record<FigureName, z.ZodInt>;

const status = z.enum(STATUSES).meta({ id: 'Status', description: 'Health of a component' });
const detail = z.string().describe('Why, in fixed sentences; empty when there is nothing to say');
const id = z.string().describe('The id of the component, as in paths');
const name = z.string().describe('The name of the component, for people');
const time = (): z.ZodString => z.string().meta({ format: 'date-time' });

export const componentHealth = z.strictObject({ status, ...figures, detail }).meta({
  id: 'ComponentHealth',
  description: 'The health of one component',
  examples: [
    {
      status: 'degraded',
      live_pullers: 3,
      backlog: 142,
      in_flight: 8,
      oldest_unacked_seconds: 95,
      detail: 'backlog above warning threshold',
    },
  ],
});

export const componentEntry = z
  .strictObject({
    id,
    name,
    state: status,
    ...figures,
    detail,
    snapshot_time: time()
      .exactOptional()
      .describe('When the figures were read; absent as long as none ever were'),
  })
  .meta({ id: 'ComponentEntry', description: 'One component among all' });

export const allComponents = z
  .strictObject({
    overall: status.describe('The worst of the components'),
    components: z.array(componentEntry).describe('In the order of the configuration'),
  })
  .meta({ id: 'AllComponents', description: 'The health of all components' });

export const history = z
  .strictObject({
    component: id,
    interval_seconds: z.number().min(0).describe('Time between two rounds of questions'),
    samples: z
      .array(z.strictObject({ at: time().describe('When the figures were read'), state: status, ...figures }))
      .describe('One per round that could be judged, oldest first'),
  })
  .meta({ id: 'History', description: 'The recent past of one component' });

/** The names that status pages have for our statuses. */
export const INDICATORS = ['none', 'minor', 'major', 'critical'] as const;
export const PAGE_STATUSES = ['operational', 'degraded_performance', 'major_outage'] as const;

const page = z
  .strictObject({
    id: z.string(),
    name: z.string().describe('Title of the page'),
    url: z.string().exactOptional().describe('Address of the page; absent when none is configured'),
    updated_at: time()
      .exactOptional()
      .describe('When the oldest of the figures were read; absent until all components have some'),
  })
  .meta({ id: 'Page' });

const pageStatus = z
  .strictObject({
    indicator: z.enum(INDICATORS).describe('How bad it is: none when all components are operational'),
    description: z.string().describe('The same for people'),
  })
  .meta({ id: 'PageStatus' });

const pageComponents = z.array(
  z
    .strictObject({
      id,
      name,
      status: z.enum(PAGE_STATUSES),
      updated_at: time()
        .exactOptional()
        .describe('When its figures were read; absent as long as none ever were'),
    })
    .meta({ id: 'PageComponent' }),
);

const PAGE_SHAPE = 'The shape that tools for status pages read';

export const pageSummary = z
  .strictObject({ page, status: pageStatus, components: pageComponents })
  .meta({ id: 'PageSummary', description: PAGE_SHAPE });

export const pageStatusOnly = z
  .strictObject({ page, status: pageStatus })
  .meta({ id: 'PageStatusOnly', description: `${PAGE_SHAPE}, without components` });

export const pageComponentsOnly = z
  .strictObject({ page, components: pageComponents })
  .meta({ id: 'PageComponentsOnly', description: `${PAGE_SHAPE}, components alone` });

export const badge = z
  .strictObject({
    schemaVersion: z.literal(1),
    label: z.string(),
    message: status,
    color: z.string(),
  })
  .meta({ id: 'Badge', description: 'A badge for the endpoint of shields.io' });

export const live = z.strictObject({ live: z.literal(true) }).meta({ id: 'Live' });
export const ready = z.strictObject({ ready: z.boolean() }).meta({ id: 'Ready' });

export const openApi = z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApi' });

export const problem = z
  .strictObject({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .meta({ id: 'Problem', description: 'Why there is no other answer (RFC 9457)' });

export type ComponentHealthBody = z.infer<typeof componentHealth>;
export type ComponentEntryBody = z.infer<typeof componentEntry>;
export type AllComponentsBody = z.infer<typeof allComponents>;
export type HistoryBody = z.infer<typeof history>;
export type PageSummaryBody = z.infer<typeof pageSummary>;
export type BadgeBody = z.infer<typeof badge>;
