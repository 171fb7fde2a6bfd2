import { renderHistory } from '../../render/history-json.js';
import { history as historyShape } from '../../render/shapes.js';
import type { History } from '../../snapshots/history.js';
import { JSON_TYPE } from '../headers.js';
import type { ComponentView } from '../views.js';

/** The recent past of one component. @param everyMs poll interval */
export function historyView(history: Pick<History, 'samples'>, everyMs: number): ComponentView {
  return {
    path: '/history',
    summary: 'What the rounds of the recent past found, for one component',
    type: JSON_TYPE,
    shape: historyShape,
    obeysStrict: false,
    render: ({ id }) => renderHistory({ id, everyMs, samples: history.samples(id) }),
  };
}
