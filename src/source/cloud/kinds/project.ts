import { z } from 'zod';
import { projectsScope } from '../listing-root.js';
import { RootReading } from '../root-reading.js';
import type { CloudKind } from './kind.js';

/** Projects of the workspace, as far as the credentials may see them. */
export const projectKind: CloudKind = {
  name: 'project',
  selector: z.strictObject({ query: z.unknown().optional() }),
  scope: 'root',
  open: ({ listings }) =>
    new RootReading({
      scope: projectsScope,
      listings,
      read: (from, count) => from.projects(count),
    }),
};
