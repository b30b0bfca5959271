import { z } from 'zod';
import { activityKey, type ReviewEvent, reviewField, reviewOf } from '../../review.js';
import { projectSelectorKeys } from '../project-filter.js';
import { type SelectorOverrides, serverKind } from './kind.js';

const states = ['OPEN', 'MERGED', 'DECLINED'] as const;

const someone = z
  .object({ user: z.object({ id: z.int() }) })
  .nullish()
  .catch(null);

/** What is relied on of something that happened to a pull request. */
const activity = z.object({
  action: z.string(),
  createdDate: z.number(),
  user: z.object({ id: z.int() }).nullish().catch(null),
  fromHash: z.string().nullish(),
  previousFromHash: z.string().nullish(),
});

const reviewTypes: ReadonlyMap<string, 'comment' | 'approval' | 'changes'> = new Map([
  ['COMMENTED', 'comment'],
  ['APPROVED', 'approval'],
  ['REVIEWED', 'changes'],
]);

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
    ...activityKey,
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
    author: someone,
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
      reviews: selector.withActivity === true,
      shows: (item) => state === 'ALL' || (item.state ?? state) === state,
      ...(others.length === 0
        ? {}
        : { keeps: ({ state: own }) => (own ? several.some((one) => one === own) : null) }),
    };
  },
  // `origin` is what a fork was made from.
  elsewhere: ['fromRef', 'origin'],
  extras: [reviewField],
  more: {
    field: reviewField,
    question: ({ id }) => ({ path: ['pull-requests', String(id), 'activities'] }),
    isListing: true,
    isWanted: ({ mentions, reviews }) => reviews && mentions(reviewField),
    of: (rows, { author }) => {
      const events = z.array(activity).safeParse(rows).data?.flatMap(eventsOf);
      return events === undefined ? null : reviewOf(events, idOf(author?.user));
    },
  },
  alsoCosts: '1 or more for each pull request where `withActivity` is used',
});

function eventsOf(one: z.output<typeof activity>): readonly ReviewEvent[] {
  const { action, createdDate: at, user, fromHash, previousFromHash } = one;
  const type = reviewTypes.get(action);
  if (type !== undefined) return [{ type, at, by: idOf(user) }];
  // Its target may change as well.
  const isPush = action === 'RESCOPED' && fromHash && fromHash !== previousFromHash;
  return isPush ? [{ type: 'code', at, commit: fromHash }] : [];
}

function idOf(user: { readonly id: number } | null | undefined): string | null {
  return user ? String(user.id) : null;
}
