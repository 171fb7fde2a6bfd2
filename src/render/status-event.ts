import type { ComponentEntry } from './status-json.js';
import { componentOf } from './status-json.js';

/** One server-sent event about a component. */
export function renderStatusEvent(entry: ComponentEntry): string {
  return `event: status\ndata: ${JSON.stringify(componentOf(entry))}\n\n`;
}
