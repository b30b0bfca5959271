import type { User } from '../../company/company.js';
import { findUser } from '../../company/lookup.js';
import { flag, text, type Fields } from '../bbql/fields.js';
import { pageParameters } from '../paging.js';
import { userPayload } from '../payloads/user.js';
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
      page(call, selected(call, call.site.company.users, memberFields), (user) => ({
        type: 'workspace_membership',
        user: userPayload(call.site, user),
        workspace: workspaceReference(call.site),
      })),
  },
];

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
