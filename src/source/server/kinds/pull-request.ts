import { z } from 'zod';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

const repository = z.object({ slug: z.string(), project: z.object({ key: z.string() }) });

/** Pull requests into each repository of the projects that the selector takes; open ones by default. */
export const pullRequest = serverKind({
  name: 'pull-request',
  plural: 'pull requests',
  under: 'repository',
  selector: {
    ...projectSelectorKeys,
    state: z.enum(['ALL', 'OPEN', 'MERGED', 'DECLINED']).nullish(),
  },
  path: ['pull-requests'],
  widest: { state: 'ALL' },
  pages: ['pull-requests/{}', 'pull-requests/{}/overview'],
  narrowedBy: ['pullRequestState'],
  missing: 'NoSuchPullRequestException',
  item: z.object({
    id: z.int(),
    state: z.string().nullish().catch(null),
    toRef: z.object({ repository }).nullish().catch(null),
  }),
  key: ({ id }) => id,
  segments: ({ id }) => [id],
  home: ({ toRef }) => (toRef ? [toRef.repository.project.key, toRef.repository.slug] : []),
  wanted: (selector, { pullRequestState }) => {
    const state = pullRequestState ?? selector.state ?? 'OPEN';
    return {
      query: { state },
      shows: (item) => state === 'ALL' || (item.state ?? state) === state,
    };
  },
  // `origin` is what a fork was made from.
  elsewhere: ['fromRef', 'origin'],
});
