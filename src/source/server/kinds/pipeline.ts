import { z } from 'zod';
import { withRepository } from '../../kind.js';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

const branchField = '__branch';

const someText = z.string().nullish().catch(null);
const someTime = z.number().nullish().catch(null);
const someFlag = z.boolean().nullish().catch(null);

const branch = z.object({
  displayId: z.string().min(1),
  latestCommit: z.string().min(1),
  // The document calls it otherwise than the servers.
  isDefault: someFlag,
  default: someFlag,
});

/**
 * Builds of the newest commits of branches, in each repository of the projects that the selector takes; of
 * default branches where it names none.
 */
export const pipeline = serverKind({
  name: 'pipeline',
  plural: 'builds',
  rows: 'branches',
  under: 'repository',
  selector: projectSelectorKeys,
  path: ['branches'],
  widest: { orderBy: 'ALPHABETICAL' },
  pages: [],
  perBranch: {
    field: branchField,
    of: (value) => {
      const known = branch.safeParse(value).data;
      if (known === undefined) return null;
      const { displayId: name, latestCommit } = known;
      const isDefault = known.isDefault ?? known.default ?? null;
      // Deprecated, and the only listing: the route below a repository tells of one build, by its key.
      return { name, isDefault, part: 'build-status', path: ['commits', latestCommit] };
    },
    most: 100,
  },
  item: z.object({
    key: z.string().min(1),
    [branchField]: z.object({ displayId: z.string() }),
    url: someText,
    projectKey: someText,
    repositorySlug: someText,
    updatedDate: someTime,
    createdDate: someTime,
    dateAdded: someTime,
  }),
  key: ({ [branchField]: { displayId }, key }) => `${displayId}#${key}`,
  segments: ({ [branchField]: { displayId }, key }) => [displayId, key],
  onBranch: ({ [branchField]: { displayId } }) => displayId,
  // Older servers tell the last one alone.
  changed: (item) => item.updatedDate ?? item.createdDate ?? item.dateAdded,
  whole: withRepository,
  link: { path: '.url', of: ({ url }) => url ?? null },
  wanted: () => ({
    // A fork has the same commits.
    keeps: ({ projectKey, repositorySlug }, repository) =>
      !projectKey || !repositorySlug || isIn(repository, projectKey, repositorySlug),
  }),
  alsoCosts: '1 for each branch that is taken',
  isApart: true,
});

const place = z.object({ slug: z.string(), project: z.object({ key: z.string() }) });

function isIn(repository: unknown, projectKey: string, repositorySlug: string): boolean {
  const { data } = place.safeParse(repository);
  const own = `${data?.project.key}/${data?.slug}`;
  return own.toLowerCase() === `${projectKey}/${repositorySlug}`.toLowerCase();
}
