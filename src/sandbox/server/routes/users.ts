import type { User } from '../../company/company.js';
import { noSuchGroup, noSuchUser } from '../api-error.js';
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
  {
    path: '/admin/groups',
    query: ['filter', ...pageParameters],
    forUsers: true,
    answer: (call) => {
      const filter = call.query.get('filter')?.toLowerCase() ?? '';
      const groups = (call.site.company.groups ?? [])
        .filter(({ name }) => name.toLowerCase().includes(filter))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      return page(call, groups, ({ name }) => ({ name, deletable: true }));
    },
  },
  {
    path: '/admin/groups/more-members',
    query: ['filter', 'context', ...pageParameters],
    forUsers: true,
    answer: (call) => {
      const context = call.query.get('context');
      const group = call.site.company.groups?.find(({ name }) => name === context);
      if (group === undefined) throw noSuchGroup(context ?? '');
      const members = listedUsers(call).filter(({ name }) => group.members.includes(name));
      return page(call, members, (each) => detailedUserPayload(call.site, each));
    },
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
