import { z } from 'zod';
import { projectSelectorKeys } from '../project-filter.js';
import { serverKind } from './kind.js';

const states = ['OPEN', 'MERGED', 'DECLINED'] as const;

const repository = z.object({ slug: z.string(), project: z.object({ key: z.string() }) });

/** Pull requests into each repository of the projects that the selector takes; open ones by default. */
export const pullRequest = serverKind({
  name: 'pull-request',
  plural: 'pull requests',
  under: 'repository',
  selector: {
    ...projectSelectorKeys,
    state: z.enum(['ALL', ...states]).nullish(),
    /** Several, in place of `state`. None at all leaves it to that. */
    states: z.array(z.enum(states)).nullish(),
  },
  path: ['pull-requests'],
  widest: { state: 'ALL' },
  pages: ['pull-requests/{}', 'pull-requests/{}/overview'],
  narrowedBy: ['pullRequestState'],
  missing: 'NoSuchPullRequestException',
  item: z.object({
    id: z.int(),
    state: z.string().nullish().catch(null),
    updatedDate: z.union([z.number(), z.string()]).nullish().catch(null),
    toRef: z.object({ repository }).nullish().catch(null),
  }),
  key: ({ id }) => id,
  segments: ({ id }) => [id],
  home: ({ toRef }) => (toRef ? [toRef.repository.project.key, toRef.repository.slug] : []),
  changed: ({ updatedDate }) => updatedDate,
  wanted: (selector, { pullRequestState }) => {
    const several = pullRequestState === undefined ? [...new Set(selector.states)] : [];
    const [only, ...others] = several;
    // The server takes one state, or all of them: of several, the others are passed over.
    const state =
      others.length > 0 ? 'ALL' : (only ?? pullRequestState ?? selector.state ?? 'OPEN');
    return {
      query: { state },
      shows: (item) => state === 'ALL' || (item.state ?? state) === state,
      ...(others.length === 0
        ? {}
        : { keeps: ({ state: own }) => (own ? several.some((one) => one === own) : null) }),
    };
  },
  // `origin` is what a fork was made from.
  elsewhere: ['fromRef', 'origin'],
});
