import { z } from 'zod';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { projectsScope } from '../repository-root.js';
import { RootReading } from '../root-reading.js';
import type { ServerKind } from './kind.js';

/** `projects`: those that the credentials may see. */
export const projectKind: ServerKind = {
  name: 'project',
  selector: z.strictObject(projectSelectorKeys),
  scope: 'root',
  open: ({ listings, overrides }, { selector }) => {
    const filter = projectFilter(selector, overrides.projectsFilter);
    return new RootReading({
      scope: projectsScope,
      listings,
      read: (from, count) => from.projects(count),
      keep: ({ key }) => filter.matches(key),
    });
  },
};
