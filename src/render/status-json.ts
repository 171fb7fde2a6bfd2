import type { ComponentHealth, Status } from '../health/component-health.js';
import type { Figures } from '../health/figures.js';
import { FIGURE_NAMES } from '../health/figures.js';
import type { AllComponentsBody, ComponentEntryBody, ComponentHealthBody } from './shapes.js';

/** One component as it stands in the answer about all of them. */
export interface ComponentEntry {
  readonly id: string;
  readonly name: string;
  readonly health: ComponentHealth;
  /** Ms since the epoch at which the figures were read; undefined before the first snapshot. */
  readonly readTime: number | undefined;
}

/**
 * The public body about one component: compact, exactly these keys in this order. Monitors match on its bytes, so
 * `"status":"up"` stands in it only when that is the status.
 */
export function renderComponentHealth(health: ComponentHealth): string {
  const body: ComponentHealthBody = {
    status: health.status,
    ...figuresInOrder(health.figures),
    detail: health.detail,
  };
  return JSON.stringify(body);
}

/**
 * The public body about all components. The key is `state` and not `status`: a keyword monitor that looks for
 * `"status":"up"` must not find it here because of one component among others.
 */
export function renderAllComponents(overall: Status, entries: readonly ComponentEntry[]): string {
  const body: AllComponentsBody = { overall, components: entries.map(componentOf) };
  return JSON.stringify(body);
}

/** One component as it stands among all of them. */
export function componentOf({ id, name, health, readTime }: ComponentEntry): ComponentEntryBody {
  return {
    id,
    name,
    state: health.status,
    ...figuresInOrder(health.figures),
    detail: health.detail,
    ...(readTime === undefined ? {} : { snapshot_time: new Date(readTime).toISOString() }),
  };
}

/** Whoever made the figures may have written them in another order; FIGURES decides. */
export function figuresInOrder(figures: Figures): Figures {
  return Object.fromEntries(FIGURE_NAMES.map((name) => [name, figures[name]])) as Figures;
}
