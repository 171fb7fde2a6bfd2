import { metadataProblems } from '../config/metadata-thresholds.js';
import type { ConsumerLife } from '../health/life.js';
import type { ComponentInspection } from './poller.js';
import type { FailedRead } from './read-log.js';

/**
 * What each verdict rests on, as plain JSON for the admin listener. Ages are seconds before now; `null` means never.
 *
 * @param now monotonic ms
 */
export function describeInspection(inspections: readonly ComponentInspection[], now: number): object[] {
  const ago = (at: number | undefined): number | null =>
    at === undefined || at === -Infinity ? null : Math.round(now - at) / 1000;
  return inspections.map(({ component, state, readsOf }) => ({
    id: component.id,
    public_status: state?.published?.status ?? null,
    last_accepted_round_seconds_ago: ago(state?.acceptedAt),
    recent_verdicts: state?.verdicts.map(({ status, detail }) => ({ status, detail })) ?? [],
    consumers: component.consumers.map(({ terms, index }) => {
      const life = state?.lives.get(terms.key);
      const { readAt, failure } = readsOf(index);
      return {
        ...terms.id,
        expect_pullers: terms.expectPullers,
        critical: terms.critical,
        limits: terms.limitsFor(life?.reading.metadata),
        metadata_problems: metadataProblems(life?.reading.metadata),
        last_read_seconds_ago: ago(readAt),
        last_failed_read: describeFailure(failure, ago),
        life: life === undefined ? null : describeLife(life, { now, ago }),
        reading: life === undefined ? null : life.reading,
      };
    }),
  }));
}

function describeFailure(failure: FailedRead | undefined, ago: (at: number) => number | null): object | null {
  return failure === undefined ? null : { problem: failure.problem, seconds_ago: ago(failure.at) };
}

function describeLife(
  life: ConsumerLife,
  { now, ago }: { now: number; ago: (at: number | undefined) => number | null },
): object {
  return {
    sign: life.sign,
    standing: life.standing,
    delivered_moved_seconds_ago: ago(life.deliveredMovedAt),
    ack_floor_moved_seconds_ago: ago(life.ackFloorMovedAt),
    lifeless_readings: life.lifelessReadings,
    in_election_grace: now <= life.graceUntil,
    idle_with_work_for_seconds: ago(life.idleWithWorkSince),
    stalled_for_seconds: ago(life.stalledSince),
    stuck: life.isStuck,
  };
}
