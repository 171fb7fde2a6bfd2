import { describe, expect, test } from '@jest/globals';
import type { ComponentHealth } from '../../src/health/component-health.js';
import { renderAllComponents, renderComponentHealth } from '../../src/render/status-json.js';

const DEGRADED: ComponentHealth = {
  status: 'degraded',
  // On purpose not in the order of the contract.
  figures: { oldest_unacked_seconds: 95, in_flight: 8, backlog: 142, live_pullers: 3 },
  detail: 'backlog above warning threshold',
};
const UP: ComponentHealth = { ...DEGRADED, status: 'up', detail: '' };

describe('renderComponentHealth', () => {
  test('is compact, with exactly the six keys in their order', () => {
    expect(renderComponentHealth(DEGRADED)).toBe(
      '{"status":"degraded","live_pullers":3,"backlog":142,"in_flight":8,"oldest_unacked_seconds":95,"detail":"backlog above warning threshold"}',
    );
  });

  test('holds the keyword of monitors once when up, and never otherwise', () => {
    expect(renderComponentHealth(UP).split('"status":"up"')).toHaveLength(2);
    expect(renderComponentHealth(DEGRADED)).not.toContain('"status":"up"');
  });
});

describe('renderAllComponents', () => {
  test('lists the components in order, with the time of those that were read', () => {
    const body = renderAllComponents('degraded', [
      { id: 'infra', name: 'Infrastructure', health: DEGRADED, readTime: 1_767_225_600_123.9 },
      { id: 'apps', name: 'Größe "x"', health: UP, readTime: undefined },
    ]);
    expect(body).toBe(
      '{"overall":"degraded","components":[' +
        '{"id":"infra","name":"Infrastructure","state":"degraded","live_pullers":3,"backlog":142,"in_flight":8,"oldest_unacked_seconds":95,"detail":"backlog above warning threshold","snapshot_time":"2026-01-01T00:00:00.123Z"},' +
        '{"id":"apps","name":"Größe \\"x\\"","state":"up","live_pullers":3,"backlog":142,"in_flight":8,"oldest_unacked_seconds":95,"detail":""}]}',
    );
  });

  test('never holds the keyword of monitors, whatever a component is called', () => {
    const body = renderAllComponents('up', [
      { id: 'a', name: '"status":"up"', health: UP, readTime: undefined },
    ]);
    expect(body).not.toContain('"status":"up"');
  });
});
