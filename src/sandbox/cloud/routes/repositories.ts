import { count, flag, moment, text, type Fields } from '../bbql/fields.js';
import { unknownToContract } from '../cloud-error.js';
import type { Role } from '../credential.js';
import { pageParameters } from '../paging.js';
import { projectUuid } from '../payloads/project.js';
import { createdAt, fullName, repositoryPayload, updatedAt } from '../payloads/repository.js';
import { document, page, repositoryOf, selected } from '../route.js';
import type { Call, Route, Site } from '../route.js';
import { languageOf, sizeOf } from '../../company/tree.js';
import type { HostedRepository } from '../workspace.js';

export const repositoryRoutes: readonly Route[] = [
  {
    path: '/repositories/{workspace}',
    query: ['role', 'q', 'sort', ...pageParameters],
    needs: 'repository',
    answer: (call) =>
      page(call, selected(call, visible(call), repositoryFields(call.site)), (hosted) =>
        repositoryPayload(call.site, hosted),
      ),
  },
  {
    path: '/repositories/{workspace}/{repo_slug}',
    query: [],
    needs: 'repository',
    answer: (call) => document(repositoryPayload(call.site, repositoryOf(call))),
  },
];

/** From least to most. */
const roles: readonly Role[] = ['member', 'contributor', 'admin', 'owner'];

function visible({ site, caller, request }: Call): readonly HostedRepository[] {
  const asked = request.query.get('role') ?? 'member';
  const least = roles.findIndex((role) => role === asked);
  if (least < 0) throw unknownToContract(`role=${asked} is not known`);
  return site.workspace.repositories.filter((hosted) => {
    const role = caller.role(hosted);
    return role !== null && roles.indexOf(role) >= least;
  });
}

function repositoryFields(site: Site): Fields<HostedRepository> {
  return {
    uuid: text(({ uuid }) => uuid),
    name: text(({ name }) => name),
    slug: text(({ slug }) => slug),
    full_name: text((hosted) => fullName(site, hosted)),
    description: text(({ repository }) => repository.description ?? ''),
    language: text(({ repository }) => languageOf(repository)),
    size: count(({ repository }) => sizeOf(repository)),
    is_private: flag(({ repository }) => !repository.public),
    has_issues: flag(() => false),
    'project.key': text(({ project }) => project.key),
    'project.name': text(({ project }) => project.name),
    'project.uuid': text(({ project }) => projectUuid(project)),
    'mainbranch.name': text(({ repository }) => repository.defaultBranch),
    parent: text(({ repository }) => site.workspace.byId(repository.forkOf)?.uuid ?? null),
    created_on: moment(createdAt),
    updated_on: moment((hosted) => updatedAt(site, hosted)),
  };
}
