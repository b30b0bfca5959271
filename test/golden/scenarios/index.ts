import type { Scenario } from '../scenario.js';
import { edits } from './edits.js';
import { firstRuns } from './first-runs.js';
import { cloudFaults, serverFaults } from './listing-faults.js';

/** All scenarios, by the test file that plays them: `changes` is for `changes.test.ts`. */
export const scenarios = {
  changes: [...firstRuns, ...edits],
  'listing-faults': [...serverFaults, ...cloudFaults],
} satisfies Readonly<Record<string, readonly Scenario[]>>;
