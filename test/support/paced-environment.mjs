import { TestEnvironment } from 'jest-environment-node';
import { PACE } from '../../scripts/pace.mjs';

/** Node as ever, with the time limits of all tests and hooks as they must be on this machine. */
export default class PacedEnvironment extends TestEnvironment {
  /** @param {import('@jest/types').Circus.Event} event @param {import('@jest/types').Circus.State} state */
  handleTestEvent({ name }, state) {
    if (name !== 'run_start') return;
    state.testTimeout *= PACE;
    stretch(state.rootDescribeBlock);
  }
}

/** @param {import('@jest/types').Circus.DescribeBlock} block */
function stretch({ children, hooks }) {
  for (const limited of [...children, ...hooks]) {
    if (limited.type === 'describeBlock') stretch(limited);
    else if (typeof limited.timeout === 'number') limited.timeout *= PACE;
  }
}
