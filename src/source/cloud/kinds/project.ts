import { z } from 'zod';
import { projectsScope } from '../../reading/root.js';
import { readRoot } from '../../reading/root-reading.js';
import { toldReason } from '../describe-failure.js';
import type { CloudKind } from './kind.js';

/** Projects of the workspace, as far as the credentials may see them. */
export const projectKind: CloudKind = {
  name: 'project',
  selector: z.strictObject({ query: z.unknown().optional() }),
  scope: 'root',
  open: ({ listings }) =>
    readRoot(
      { scope: projectsScope, listings, read: (from, count) => from.projects(count) },
      toldReason,
    ),
};
