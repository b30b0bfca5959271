import type { Scenario } from '../scenario.js';
import { bitbucketFaults } from './bitbucket-faults.js';
import { commands } from './commands.js';
import { edits } from './edits.js';
import { firstRuns } from './first-runs.js';
import { cloudFaults, serverFaults } from './listing-faults.js';
import { mappings } from './mappings.js';
import { portFaults } from './port-faults.js';
import { scopes } from './scopes.js';

/** All scenarios, by the test file that plays them: `changes` is for `changes.test.ts`. */
export const scenarios = {
  changes: [...firstRuns, ...edits],
  commands,
  faults: [...bitbucketFaults, ...portFaults],
  'listing-faults': [...serverFaults, ...cloudFaults],
  mappings,
  scopes,
} satisfies Readonly<Record<string, readonly Scenario[]>>;
