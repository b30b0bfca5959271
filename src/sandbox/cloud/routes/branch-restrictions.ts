import { existingUser, userPayload } from '../payloads/user.js';
import { pageParameters } from '../paging.js';
import { page, repositoryOf, type Route } from '../route.js';
import { links } from '../payloads/links.js';

const below = '/repositories/{workspace}/{repo_slug}';

export const branchRestrictionRoutes: readonly Route[] = [
  {
    path: `${below}/branch-restrictions`,
    query: ['kind', 'pattern', 'q', 'sort', ...pageParameters],
    needs: 'administration',
    answer: (call) => {
      const { repository, uuid } = repositoryOf(call);
      const { api, identity } = call.site;
      const place = `${api}/repositories/${identity.slug}/${encodeURIComponent(uuid)}`;
      return page(call, repository.restrictions ?? [], ({ id, kind, pattern, exempt = [] }) => ({
        type: 'branchrestriction',
        id,
        kind,
        branch_match_kind: 'glob',
        pattern,
        value: null,
        users: exempt.flatMap((name) => {
          const user = existingUser(call.site, name);
          return user === undefined ? [] : [userPayload(call.site, user)];
        }),
        groups: [],
        links: links({ self: `${place}/branch-restrictions/${id}` }),
      }));
    },
  },
  {
    path: `${below}/default-reviewers`,
    query: ['q', 'sort', ...pageParameters],
    needs: 'pullrequest',
    answer: (call) => {
      const { defaultReviewers = [] } = repositoryOf(call).repository;
      const users = defaultReviewers.flatMap((name) => existingUser(call.site, name) ?? []);
      return page(call, users, (user) => userPayload(call.site, user));
    },
  },
];
