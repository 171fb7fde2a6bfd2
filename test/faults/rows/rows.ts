import type { Row } from '../row.js';
import { ANSWER_ROWS } from './answers.js';
import { CLOCK_ROWS } from './clock.js';
import { CLUSTER_ROWS } from './cluster.js';
import { CONSUMER_ROWS } from './consumers.js';
import { HOST_ROWS } from './host.js';
import { LOGIN_ROWS } from './login.js';
import { NETWORK_ROWS } from './network.js';
import { PROCESS_ROWS } from './process.js';
import { SERVER_ROWS } from './server.js';

/** The table of faults. */
export const ROWS: readonly Row[] = [
  ...SERVER_ROWS,
  ...NETWORK_ROWS,
  ...LOGIN_ROWS,
  ...CONSUMER_ROWS,
  ...CLUSTER_ROWS,
  ...ANSWER_ROWS,
  ...CLOCK_ROWS,
  ...PROCESS_ROWS,
  ...HOST_ROWS,
];
