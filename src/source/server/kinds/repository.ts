import { z } from 'zod';
import { codeOwnersField, includedFilesKey } from '../../files/selector-keys.js';
import { isSegment } from '../../segment.js';
import { projectFilter, projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

/** What can be fetched for a repository beside its listing. */
export type AttachmentName = 'readme' | 'latestCommit';

/** Where each attachment stands in the item. */
export const attachmentFields = {
  readme: '__readme',
  latestCommit: '__latestCommit',
} satisfies Record<AttachmentName, string>;

/**
 * Repositories of the projects that the selector takes: personal, archived and empty ones included.
 * Other kinds are below them, and so they are read once for all.
 */
export const repository = serverKind({
  name: 'repository',
  plural: 'repositories',
  selector: { ...projectSelectorKeys, ...includedFilesKey },
  path: ['repos'],
  extras: [...Object.values(attachmentFields), codeOwnersField],
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
