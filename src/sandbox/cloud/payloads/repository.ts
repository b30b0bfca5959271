import type { JsonObject } from '../../../model/json.js';
import { pullRequestsOf } from '../../company/lookup.js';
import { timestamp } from '../identifiers.js';
import type { Site } from '../route.js';
import { languageOf, sizeOf } from '../../company/tree.js';
import type { HostedRepository } from '../workspace.js';
import { encodedPath, links, repositoryApi, repositoryPage } from './links.js';
import { projectReference } from './project.js';
import { ownerPayload, workspaceReference } from './workspace.js';

/** 14 October 2024: when the first repository was made; one more in every hour after it. */
const firstCreatedAt = 1_728_864_000_000;
const hour = 3_600_000;

/** A repository inside of another thing. */
export function repositoryReference(site: Site, hosted: HostedRepository): JsonObject {
  return {
    type: 'repository',
    full_name: fullName(site, hosted),
    name: hosted.name,
    uuid: hosted.uuid,
    links: links({
      self: repositoryApi(site, hosted.slug),
      html: repositoryPage(site, hosted.slug),
      avatar: `${repositoryPage(site, hosted.slug)}/avatar/`,
    }),
  };
}

/** A repository. */
export function repositoryPayload(site: Site, hosted: HostedRepository): JsonObject {
  const { repository, slug } = hosted;
  const parent = site.workspace.byId(repository.forkOf);
  return {
    ...repositoryReference(site, hosted),
    links: repositoryLinks(site, hosted),
    slug: repository.hidesSlug === true ? '' : slug,
    description: repository.description ?? '',
    scm: 'git',
    website: repository.website ?? null,
    owner: ownerPayload(site),
    workspace: workspaceReference(site),
    parent: parent === undefined ? null : repositoryReference(site, parent),
    is_private: !repository.public,
    created_on: timestamp(createdAt(hosted)),
    ...(repository.isSparse === true ? {} : details(site, hosted)),
  };
}

/** What an answer may lack. */
function details(site: Site, hosted: HostedRepository): JsonObject {
  const { repository, project } = hosted;
  return {
    project: projectReference(site, project),
    mainbranch:
      repository.defaultBranch === null ? null : { type: 'branch', name: repository.defaultBranch },
    fork_policy: repository.forkable ? 'allow_forks' : 'no_forks',
    has_issues: false,
    has_wiki: false,
    language: languageOf(repository),
    size: sizeOf(repository),
    updated_on: timestamp(updatedAt(site, hosted)),
  };
}

export function fullName({ identity }: Site, { slug }: HostedRepository): string {
  return `${identity.slug}/${slug}`;
}

/** In milliseconds. */
export function createdAt({ repository }: HostedRepository): number {
  return firstCreatedAt + repository.id * hour;
}

/** When something was pushed or a pull request changed, in milliseconds. */
export function updatedAt(site: Site, hosted: HostedRepository): number {
  const { repository } = hosted;
  const shelf = pullRequestsOf(site.company, repository);
  return Math.max(
    createdAt(hosted),
    repository.commits[0]?.at ?? 0,
    shelf.at(shelf.length - 1)?.updatedDate ?? 0,
  );
}

function repositoryLinks(site: Site, hosted: HostedRepository): JsonObject {
  const self = repositoryApi(site, hosted.slug);
  const html = repositoryPage(site, hosted.slug);
  const { host, hostname } = new URL(site.url);
  const clone = encodedPath(fullName(site, hosted));
  return {
    ...links({
      self,
      html,
      avatar: `${html}/avatar/`,
      pullrequests: `${self}/pullrequests`,
      commits: `${self}/commits`,
      branches: `${self}/refs/branches`,
      source: `${self}/src`,
    }),
    clone: [
      { name: 'https', href: `http://${host}/${clone}.git` },
      { name: 'ssh', href: `git@${hostname}:${clone}.git` },
    ],
  };
}
