import type { Status } from '../health/component-health.js';
import type { Operation } from '../render/openapi.js';
import type { ComponentEntry } from '../render/status-json.js';

/** One public shape of the health of a component. */
export interface ComponentView extends Pick<Operation, 'summary' | 'type' | 'shape'> {
  /** What follows the path of the component: empty, or with a slash in front. */
  readonly path: '' | `/${string}`;
  /** `?strict` can turn an answer into 503. */
  readonly obeysStrict: boolean;
  /** Asked again whenever the snapshot of the component or its step of the age ladder changes, and only then. */
  readonly render: (entry: ComponentEntry) => string;
}

/** One public shape of the health of all components. */
export interface PlatformView extends Pick<Operation, 'summary' | 'type' | 'shape'> {
  readonly path: `/${string}`;
  readonly obeysStrict: boolean;
  /** `overall` is the worst status of the entries. */
  readonly render: (overall: Status, entries: readonly ComponentEntry[]) => string;
}
