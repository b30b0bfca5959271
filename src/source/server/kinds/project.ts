import { z } from 'zod';
import { projectsScope } from '../../reading/root.js';
import { readRoot } from '../../reading/root-reading.js';
import { describeFailure } from '../describe-failure.js';
import type { ListedProject } from '../items.js';
import { projectFilter, projectSelectorKeys, type ProjectFilter } from '../project-filter.js';
import type { ServerKind } from './kind.js';

/** `projects`: those that the credentials may see. */
export const projectKind: ServerKind = {
  name: 'project',
  selector: z.strictObject(projectSelectorKeys),
  scope: 'root',
  open: ({ listings, overrides }, { selector }) => {
    const filter = projectFilter(selector, overrides.projectsFilter);
    return readRoot(
      {
        scope: projectsScope,
        listings,
        read: (from, count) => matching(from.projects(count), filter),
      },
      describeFailure,
    );
  },
};

async function* matching(
  pages: AsyncIterable<readonly ListedProject[]>,
  filter: ProjectFilter,
): AsyncGenerator<readonly ListedProject[], void, undefined> {
  for await (const page of pages) yield page.filter(({ key }) => filter.matches(key));
}
