import type { User } from '../../company/company.js';
import { noSuchUser } from '../api-error.js';
import { pageParameters } from '../paging.js';
import { detailedUserPayload, userPayload } from '../payloads/user.js';
import { ok, page, type Call, type Route } from '../route.js';

export const userRoutes: readonly Route[] = [
  {
    path: '/users',
    query: ['filter', ...pageParameters],
    forUsers: true,
    answer: (call) => page(call, listedUsers(call), (each) => userPayload(call.site, each)),
  },
  {
    path: '/users/{userSlug}',
    query: [],
    forUsers: true,
    answer: (call) => {
      const slug = call.parameter('userSlug');
      const user = call.site.company.users.find((candidate) => candidate.slug === slug);
      if (user === undefined) throw noSuchUser(slug);
      return ok(userPayload(call.site, user));
    },
  },
  {
    path: '/admin/users',
    query: ['filter', ...pageParameters],
    forUsers: true,
    answer: (call) => page(call, listedUsers(call), (each) => detailedUserPayload(call.site, each)),
  },
];

/** Those who are still there and whose names or address hold the filter. */
function listedUsers({ site, query }: Call): User[] {
  const filter = query.get('filter')?.toLowerCase() ?? '';
  return site.company.users
    .filter((user) => user.active)
    .filter(({ name, displayName, emailAddress = '' }) =>
      [name, displayName, emailAddress].some((each) => each.toLowerCase().includes(filter)),
    )
    .sort((one, other) => (one.slug < other.slug ? -1 : 1));
}
