import { z } from 'zod';
import { isSegment } from '../../segment.js';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

/**
 * Repositories of the projects that the selector takes: personal, archived and empty ones included.
 * Other kinds are below them, and so they are read once for all.
 */
export const repository = serverKind({
  name: 'repository',
  plural: 'repositories',
  selector: projectSelectorKeys,
  path: ['repos'],
  extras: ['__readme', '__latestCommit'],
  // Without it the server hides archived ones (since 8.0).
  widest: { archived: 'ALL' },
  pages: ['projects/{}/repos/{}', 'users/{~}/repos/{}'],
  narrowedBy: ['projectsFilter'],
  missing: 'NoSuchRepositoryException',
  item: z.object({
    id: z.int(),
    slug: z.string().refine(isSegment),
    project: z.object({ key: z.string().refine(isSegment) }),
  }),
  key: ({ id }) => id,
  segments: ({ project, slug }) => [project.key, slug],
  wanted: (selector, { projectsFilter }) => {
    const filter = projectFilter(selector, projectsFilter);
    return { keeps: ({ project }) => filter.matches(project.key) };
  },
});
