import type { JsonObject } from '../../../model/json.js';
import type { User } from '../../company/company.js';
import { findUser } from '../../company/lookup.js';
import { flag, text, type Fields } from '../bbql/fields.js';
import { noSuchMember } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { links } from '../payloads/links.js';
import { identityOf, userPayload } from '../payloads/user.js';
import { workspaceAccess, workspacePayload, workspaceReference } from '../payloads/workspace.js';
import { document, page, selected, type Call, type Route, type Site } from '../route.js';

export const accountRoutes: readonly Route[] = [
  {
    path: '/user',
    query: [],
    needs: 'user',
    forUsers: true,
    answer: (call) => document(userPayload(call.site, ownUser(call))),
  },
  {
    path: '/user/workspaces',
    query: ['sort', 'q', ...pageParameters],
    needs: 'workspaces',
    forUsers: true,
    answer: (call) =>
      page(call, selected(call, [call.site], workspaceFields), (site) =>
        workspaceAccess(site, isAdministrator),
      ),
  },
  {
    path: '/workspaces/{workspace}',
    query: [],
    needs: 'workspace',
    answer: ({ site }) => document(workspacePayload(site)),
  },
  {
    path: '/workspaces/{workspace}/members',
    query: ['q', 'sort', ...pageParameters],
    needs: 'workspaces',
    answer: (call) =>
      page(call, selected(call, members(call), memberFields), (user) =>
        membership(call.site, user),
      ),
  },
  {
    path: '/workspaces/{workspace}/members/{member}',
    query: [],
    needs: 'workspaces',
    answer: (call) => {
      const member = call.parameter('member');
      const user = members(call).find((each) => {
        const { uuid, accountId } = identityOf(each);
        return member === uuid || member === accountId;
      });
      if (user === undefined) throw noSuchMember(member);
      return document(membership(call.site, user));
    },
  },
];

/** Who left is deleted here. */
function members({ site: { company } }: Call): readonly User[] {
  return company.users.filter(({ active }) => active);
}

function membership(site: Site, user: User): JsonObject {
  const { uuid } = identityOf(user);
  return {
    type: 'workspace_membership',
    user: userPayload(site, user),
    workspace: workspaceReference(site),
    links: links({
      self: `${site.api}/workspaces/${site.identity.slug}/members/${encodeURIComponent(uuid)}`,
    }),
  };
}

/** A credential that only reads needs no more, and gets no more. */
const isAdministrator = false;

const memberFields: Fields<User> = {
  'user.email': text(({ emailAddress }) => emailAddress ?? null),
};

const workspaceFields: Fields<Site> = {
  slug: text(({ identity }) => identity.slug),
  'workspace.slug': text(({ identity }) => identity.slug),
  administrator: flag(() => isAdministrator),
};

/** Whom the credential belongs to; somebody may log in whom the company does not list. */
function ownUser({ site, caller }: Call): User {
  const { login = '' } = caller;
  const known =
    site.company.users.find(({ emailAddress }) => emailAddress === login) ??
    findUser(site.company, login);
  const [name = login] = login.split('@');
  return known ?? { id: 0, name, slug: name, displayName: name, active: true };
}
