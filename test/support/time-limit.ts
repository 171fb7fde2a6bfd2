import { jest } from '@jest/globals';
import { paced } from './pace.js';

/** For each test: far more than any takes, so that what hangs ends. What must be quick says so itself. */
const LIMIT_MS = 180_000;

jest.setTimeout(paced(LIMIT_MS));
