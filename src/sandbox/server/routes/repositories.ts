import type { Repository } from '../../company/company.js';
import { findProject } from '../../company/lookup.js';
import { pageParameters } from '../paging.js';
import { repositoryPayload } from '../payloads/repository.js';
import { matches, ok, oneOf, page, repositoryOf, type Call, type Route } from '../route.js';

const permissions = ['REPO_READ', 'REPO_WRITE', 'REPO_ADMIN'] as const;
const states = ['AVAILABLE', 'INITIALISING', 'INITIALISATION_FAILED'] as const;

export const repositoryRoutes: readonly Route[] = [
  {
    path: '/repos',
    query: [
      'archived',
      'projectname',
      'projectkey',
      'visibility',
      'name',
      'permission',
      'state',
      ...pageParameters,
    ],
    answer: (call) =>
      page(call, searchedRepositories(call), (each) => repositoryPayload(call.site, each)),
  },
  {
    // Where somebody has been lately; here, wherever they may be.
    path: '/profile/recent/repos',
    query: ['permission', ...pageParameters],
    forUsers: true,
    answer: (call) => {
      oneOf(call.query, 'permission', permissions);
      const { repositories } = call.site.company;
      return page(call, repositories, (each) => repositoryPayload(call.site, each));
    },
  },
  {
    path: '/projects/{projectKey}/repos/{repositorySlug}',
    query: [],
    answer: (call) => ok(repositoryPayload(call.site, repositoryOf(call))),
  },
];

/** Personal ones are among them, archived ones only when asked for. */
function searchedRepositories({ site, query }: Call): Repository[] {
  oneOf(query, 'permission', permissions);
  const archived = oneOf(query, 'archived', ['ACTIVE', 'ARCHIVED', 'ALL']) ?? 'ACTIVE';
  const visibility = oneOf(query, 'visibility', ['public', 'private']);
  const state = oneOf(query, 'state', states);
  const projectName = (key: string): string => findProject(site.company, key)?.name ?? '';
  return site.company.repositories
    .filter((each) => archived === 'ALL' || each.archived === (archived === 'ARCHIVED'))
    .filter((each) => visibility === undefined || each.public === (visibility === 'public'))
    .filter((each) => state === undefined || each.state === state)
    .filter((each) => matches(query.get('name'), each.name))
    .filter((each) => matches(query.get('projectkey'), each.project))
    .filter((each) => matches(query.get('projectname'), projectName(each.project)))
    .sort((one, other) => one.id - other.id);
}
