import { z } from 'zod';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';
import { refLink, withRepositoryAndLink } from './ref.js';

/** What the product's own plugin tells of the newest commit, where details are asked for. */
const latestCommit = 'com.atlassian.bitbucket.server.bitbucket-branch:latest-commit-metadata';

const commit = z.object({
  committerTimestamp: z.number().nullish().catch(null),
  authorTimestamp: z.number().nullish().catch(null),
});

/** Branches of each repository of the projects that the selector takes. */
export const branch = serverKind({
  name: 'branch',
  plural: 'branches',
  under: 'repository',
  selector: {
    ...projectSelectorKeys,
    /** Nothing but the default branch of each repository. */
    defaultOnly: z.boolean().nullish(),
  },
  path: ['branches'],
  widest: { details: 'true' },
  pages: [],
  item: z.object({
    id: z.string().min(1),
    displayId: z.string().min(1),
    // The document calls it otherwise than the servers.
    isDefault: z.boolean().nullish().catch(null),
    default: z.boolean().nullish().catch(null),
    metadata: z
      .object({ [latestCommit]: commit.nullish().catch(null) })
      .nullish()
      .catch(null),
    ...refLink.item,
  }),
  key: ({ id }) => id,
  segments: ({ id }) => [id],
  called: ({ displayId }) => displayId,
  changed: ({ metadata }) => {
    const told = metadata?.[latestCommit];
    return told?.committerTimestamp ?? told?.authorTimestamp;
  },
  whole: withRepositoryAndLink,
  link: refLink.link,
  wanted: ({ defaultOnly }, { since, mentions }) => ({
    query: {
      // What somebody pushes meanwhile stays at its place.
      orderBy: 'ALPHABETICAL',
      // Making them takes the server long.
      ...(since !== null || mentions('metadata') ? { details: 'true' } : {}),
    },
    ...(defaultOnly === true ? { keeps: (item) => item.isDefault ?? item.default ?? null } : {}),
  }),
});
