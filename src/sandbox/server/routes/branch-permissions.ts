import type { JsonObject } from '../../../model/json.js';
import type { BranchRestriction, Repository } from '../../company/company.js';
import { findUser } from '../../company/lookup.js';
import { pageParameters } from '../paging.js';
import { userPayload } from '../payloads/user.js';
import { ok, page, repositoryOf, type Route, type Site } from '../route.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}';

/** What the product calls the kinds of restrictions. */
const types = {
  push: 'read-only',
  delete: 'no-deletes',
  force: 'fast-forward-only',
} as const satisfies Record<BranchRestriction['kind'], string>;

/** Two APIs beside that of the product itself. */
export const branchPermissionRoutes: readonly Route[] = [
  {
    path: `/branch-permissions${below}/restrictions`,
    query: ['matcherType', 'matcherId', 'type', ...pageParameters],
    answer: (call) => {
      const repository = repositoryOf(call);
      return page(call, repository.restrictions ?? [], (each) => ({
        id: each.id,
        scope: scopeOf(repository),
        type: types[each.kind],
        matcher: matcher('PATTERN', each.pattern),
        users: usersOf(call.site, each.exempt),
        groups: [],
        accessKeys: [],
      }));
    },
  },
  {
    // A list, and no page.
    path: `/default-reviewers${below}/conditions`,
    query: [],
    answer: (call) => {
      const repository = repositoryOf(call);
      const { id, defaultReviewers: reviewers } = repository;
      const condition = {
        id,
        scope: scopeOf(repository),
        sourceRefMatcher: matcher('ANY_REF', 'ANY_REF_MATCHER_ID'),
        targetRefMatcher: matcher('ANY_REF', 'ANY_REF_MATCHER_ID'),
        reviewers: usersOf(call.site, reviewers),
        requiredApprovals: 1,
      };
      return ok(reviewers === undefined ? [] : [condition]);
    },
  },
];

function scopeOf({ id }: Repository): JsonObject {
  return { type: 'REPOSITORY', resourceId: id };
}

function matcher(type: 'PATTERN' | 'ANY_REF', id: string): JsonObject {
  return { id, displayId: id, type: { id: type, name: type }, active: true };
}

function usersOf(site: Site, names: readonly string[] = []): JsonObject[] {
  return names.flatMap((name) => {
    const user = findUser(site.company, name);
    return user === undefined ? [] : [userPayload(site, user)];
  });
}
