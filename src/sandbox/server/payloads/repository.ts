import type { JsonObject } from '../../../model/json.js';
import type { Project, Repository } from '../../company/company.js';
import { commitId } from '../../company/identifiers.js';
import { findProject } from '../../company/lookup.js';
import type { Site } from '../route.js';
import { cloneLinks, repositoryHref, selfLinks } from './links.js';
import { projectPayload } from './project.js';

const statusMessages = {
  AVAILABLE: 'Available',
  INITIALISING: 'Initialising',
  INITIALISATION_FAILED: 'Initialisation failed',
} as const satisfies Record<Repository['state'], string>;

/** A repository, alone or inside a pull request. A fork holds its origin. */
export function repositoryPayload(site: Site, repository: Repository): JsonObject {
  const project = requireProject(site, repository);
  const origin = site.company.repositories.find(({ id }) => id === repository.forkOf);
  return {
    slug: repository.slug,
    id: repository.id,
    name: repository.name,
    ...(repository.description === undefined ? {} : { description: repository.description }),
    ...(repository.isSparse === true ? {} : { hierarchyId: hierarchyId(repository) }),
    scmId: 'git',
    state: repository.state,
    statusMessage: statusMessages[repository.state],
    forkable: repository.forkable,
    ...(origin === undefined ? {} : { origin: repositoryPayload(site, origin) }),
    project: projectPayload(site, project),
    public: repository.public,
    ...(repository.isSparse === true ? {} : { archived: repository.archived }),
    links: {
      clone: cloneLinks(site, project, repository),
      ...selfLinks(`${repositoryHref(site, project, repository)}/browse`),
    },
  };
}

/** @throws RangeError when the company's data names a project that it lacks */
export function requireProject(site: Site, repository: Repository): Project {
  const project = findProject(site.company, repository.project);
  if (project === undefined) {
    throw new RangeError(`${repository.slug} is in the unknown project ${repository.project}`);
  }
  return project;
}

/** 20 hexadecimal digits that a repository shares with its forks. */
function hierarchyId(repository: Repository): string {
  return commitId(`hierarchy of ${repository.forkOf ?? repository.id}`).slice(0, 20);
}
