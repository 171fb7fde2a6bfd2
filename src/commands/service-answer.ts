import * as z from 'zod';
import type { Status } from '../health/component-health.js';
import { FIGURE_NAMES } from '../health/figures.js';
import type { Figures } from '../health/figures.js';
import type { SnapshotState } from '../health/snapshot.js';
import { allComponents, componentEntry, componentHealth } from '../render/shapes.js';

/** What a running service said about components. */
export interface ServiceAnswer {
  /** As it was served. */
  readonly body: string;
  readonly components: readonly {
    readonly id: string;
    readonly status: Status;
    readonly figures: Figures;
    readonly detail: string;
  }[];
  /** Of the oldest figures among them. */
  readonly state: SnapshotState;
  /** Seconds; undefined as long as a component has none. */
  readonly ageSeconds: number | undefined;
}

/** What an answer over HTTP consists of. */
export interface HttpAnswer {
  readonly code: number;
  readonly headers: Pick<Headers, 'get'>;
  readonly body: string;
}

/** Keys that a later version adds are no reason to refuse the rest. */
const one = z.looseObject(componentHealth.shape);
const all = z.looseObject({
  ...allComponents.shape,
  components: z.array(z.looseObject(componentEntry.shape)),
});
const snapshotState = z.enum(['fresh', 'stale', 'none']);

/**
 * Reads the answer about one component, or about all when none is named. Strict: a login page, another program on the
 * port or a proxy that lost the headers must not pass for a status.
 *
 * @returns undefined when it is none of a jetstream-status
 */
export function parseServiceAnswer(
  { code, headers, body }: HttpAnswer,
  component: string | undefined,
): ServiceAnswer | undefined {
  const state = snapshotState.safeParse(headers.get('x-snapshot-state')).data;
  if (code !== 200 || state === undefined) return undefined;
  const json = parseJson(body);
  const age = Number(headers.get('x-snapshot-age') ?? NaN);
  const common = { body, state, ageSeconds: Number.isFinite(age) ? age : undefined };
  if (component === undefined) {
    const { data } = all.safeParse(json);
    if (data === undefined) return undefined;
    const components = data.components.map(({ id, state: status, detail, ...rest }) => ({
      id,
      status,
      figures: figuresIn(rest),
      detail,
    }));
    return { ...common, components };
  }
  const { data } = one.safeParse(json);
  if (data === undefined) return undefined;
  const { status, detail, ...rest } = data;
  return { ...common, components: [{ id: component, status, figures: figuresIn(rest), detail }] };
}

function figuresIn(values: Figures): Figures {
  return Object.fromEntries(FIGURE_NAMES.map((name) => [name, values[name]])) as Figures;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
