import { expect, jest, test } from '@jest/globals';
import { NO_FIGURES } from '../../src/health/figures.js';
import type { Snapshot } from '../../src/health/snapshot.js';
import type { SnapshotListener } from '../../src/snapshots/snapshot-store.js';
import { createSnapshotStore } from '../../src/snapshots/snapshot-store.js';

function aSnapshot(readAt: number): Snapshot {
  return { health: { status: 'up', figures: NO_FIGURES, detail: '' }, readAt, readTime: readAt };
}

test('keeps the latest snapshot of every component, however seldom it is asked for', () => {
  const store = createSnapshotStore(3);
  for (let at = 0; at < 100; at++) {
    for (const id of ['a', 'b', 'c']) store.put(id, aSnapshot(at));
    store.latest('c');
  }
  expect(['a', 'b', 'c'].map((id) => store.latest(id)?.readAt)).toEqual([99, 99, 99]);
  expect(store.latest('d')).toBeUndefined();
});

test('tells listeners of every snapshot until they leave', () => {
  const store = createSnapshotStore(1);
  const listener = jest.fn<SnapshotListener>();
  const leave = store.subscribe(listener);
  store.put('a', aSnapshot(1));
  leave();
  store.put('a', aSnapshot(2));
  expect(listener.mock.calls).toEqual([['a', aSnapshot(1)]]);
});
