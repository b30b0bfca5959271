import { z } from 'zod';
import { isSegment } from '../../segment.js';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

/** `projects`: those that the credentials may see. */
export const project = serverKind({
  name: 'project',
  plural: 'projects',
  selector: projectSelectorKeys,
  path: ['projects'],
  pages: ['projects/{}'],
  narrowedBy: ['projectsFilter'],
  missing: 'NoSuchProjectException',
  item: z.object({ id: z.int(), key: z.string().refine(isSegment) }),
  key: ({ id }) => id,
  segments: ({ key }) => [key],
  wanted: (selector, { projectsFilter }) => {
    const filter = projectFilter(selector, projectsFilter);
    return { keeps: ({ key }) => filter.matches(key) };
  },
});
