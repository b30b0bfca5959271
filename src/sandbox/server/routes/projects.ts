import type { Project } from '../../company/company.js';
import { pageParameters } from '../paging.js';
import { projectPayload } from '../payloads/project.js';
import { repositoryPayload } from '../payloads/repository.js';
import { ok, oneOf, page, projectOf, type Call, type Route } from '../route.js';

const permissions = ['PROJECT_VIEW', 'PROJECT_READ', 'PROJECT_WRITE', 'PROJECT_ADMIN'] as const;

export const projectRoutes: readonly Route[] = [
  {
    path: '/projects',
    query: ['name', 'permission', ...pageParameters],
    answer: (call) => page(call, visibleProjects(call), (each) => projectPayload(call.site, each)),
  },
  {
    path: '/projects/{projectKey}',
    query: [],
    answer: (call) => ok(projectPayload(call.site, projectOf(call))),
  },
  {
    path: '/projects/{projectKey}/repos',
    query: pageParameters,
    // There is no `archived` here: the product lists archived repositories among the others.
    answer: (call) => {
      const { key } = projectOf(call);
      const repositories = call.site.company.repositories
        .filter((repository) => repository.project === key)
        .sort((one, other) => (one.slug < other.slug ? -1 : 1));
      return page(call, repositories, (each) => repositoryPayload(call.site, each));
    },
  },
];

/** The caller is taken for an administrator: every permission is theirs. */
function visibleProjects({ site, behaviour, query }: Call): Project[] {
  oneOf(query, 'permission', permissions);
  const name = query.get('name')?.trim().toLowerCase() ?? '';
  return site.company.projects
    .filter((project) => project.owner === undefined || behaviour.listsPersonalProjects)
    .filter((project) => project.name.toLowerCase().includes(name))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}
