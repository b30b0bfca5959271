import { z } from 'zod';
import { projectSelectorKeys } from '../project-filter.js';
import { type SelectorOverrides, serverKind } from './kind.js';

const states = ['OPEN', 'MERGED', 'DECLINED'] as const;

const repository = z.object({ slug: z.string(), project: z.object({ key: z.string() }) });

/** What the selector says of states. */
const stateKeys = {
  state: z.enum(['ALL', ...states]).nullish(),
  /** Several, in place of `state`. None at all leaves it to that. */
  states: z.array(z.enum(states)).nullish(),
};

/** The states that a valid selector takes, each once; null: whatever the state. */
export function pullRequestStates(
  selector: unknown,
  { pullRequestState }: SelectorOverrides,
): readonly string[] | null {
  const { state, states: several } = z.object(stateKeys).parse(selector);
  if (pullRequestState === undefined && several?.length) return [...new Set(several)];
  const one = pullRequestState ?? state ?? 'OPEN';
  return one === 'ALL' ? null : [one];
}

/** Pull requests into each repository of the projects that the selector takes; open ones by default. */
export const pullRequest = serverKind({
  name: 'pull-request',
  plural: 'pull requests',
  under: 'repository',
  selector: {
    ...projectSelectorKeys,
    ...stateKeys,
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
  wanted: (selector, overrides) => {
    const several = pullRequestStates(selector, overrides) ?? [];
    const [only = 'OPEN', ...others] = several;
    // The server takes one state, or all of them: of several, the others are passed over.
    const state = several.length === 0 || others.length > 0 ? 'ALL' : only;
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
