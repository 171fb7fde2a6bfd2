import type { ComponentHealth } from '../health/component-health.js';
import type { ObservedConsumer } from '../health/component-round.js';
import type { ProblemKind } from '../health/consumer-reading.js';
import type { Logger } from '../logger.js';

/** Says what changed from round to round, once per change; names of streams and consumers stay out of the log. */
export interface RoundLog {
  /** @param health undefined when the round was not accepted */
  note(
    componentId: string,
    health: ComponentHealth | undefined,
    consumers: readonly ObservedConsumer[],
  ): void;
}

export function createRoundLog(log: Logger): RoundLog {
  const problems = new Map<string, ProblemKind>();
  const statuses = new Map<string, string>();
  return {
    note(component, health, consumers) {
      const problem = firstProblem(consumers);
      if (problem !== problems.get(component)) {
        if (problem === undefined) {
          problems.delete(component);
          log.info({ event: 'component_read', component }, 'figures can be read again');
        } else {
          problems.set(component, problem);
          log.warn({ event: 'component_unread', component, problem }, 'figures could not be read');
        }
      }
      if (health === undefined || statuses.get(component) === health.status) return;
      statuses.set(component, health.status);
      log.info(
        { event: 'status', component, status: health.status, detail: health.detail },
        'status changed',
      );
    },
  };
}

function firstProblem(consumers: readonly ObservedConsumer[]): ProblemKind | undefined {
  for (const { observation } of consumers) {
    if (observation.outcome === 'inconclusive') return observation.problem;
  }
  return undefined;
}
