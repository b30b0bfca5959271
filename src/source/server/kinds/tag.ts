import { z } from 'zod';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';
import { refLink, withRepositoryAndLink } from './ref.js';

const someTime = z.number().nullish().catch(null);

/** Where the commit of a tag stands: the listing tells nothing of it but its hash. */
const commitField = '__commit';

/** Tags of each repository of the projects that the selector takes. */
export const tag = serverKind({
  name: 'tag',
  plural: 'tags',
  under: 'repository',
  selector: projectSelectorKeys,
  path: ['tags'],
  widest: { orderBy: 'ALPHABETICAL' },
  pages: [],
  item: z.object({
    id: z.string().min(1),
    displayId: z.string().min(1),
    latestCommit: z.string().nullish().catch(null),
    [commitField]: z
      .object({ committerTimestamp: someTime, authorTimestamp: someTime })
      .nullish()
      .catch(null),
    ...refLink.item,
  }),
  key: ({ id }) => id,
  segments: ({ id }) => [id],
  called: ({ displayId }) => displayId,
  changed: ({ [commitField]: commit }) => commit?.committerTimestamp ?? commit?.authorTimestamp,
  whole: withRepositoryAndLink,
  link: refLink.link,
  more: {
    field: commitField,
    question: ({ latestCommit }) => (latestCommit ? { path: ['commits', latestCommit] } : null),
    isListing: false,
    isWanted: ({ since, mentions }) => since !== null || mentions(commitField),
  },
  alsoCosts: '1 for each tag where `__commit` or `updatedWithin` is used',
});
