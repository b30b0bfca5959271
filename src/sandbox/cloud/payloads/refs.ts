import type { JsonObject } from '../../../model/json.js';
import type { Tag } from '../../company/company.js';
import type { Ref } from '../../company/lookup.js';
import { timestamp } from '../identifiers.js';
import type { Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';
import { commitPayload } from './commit.js';
import { encodedPath, links, repositoryApi, repositoryPage } from './links.js';

/** A branch with its newest commit. */
export function branchPayload(site: Site, hosted: HostedRepository, branch: Ref): JsonObject {
  const api = repositoryApi(site, hosted.slug);
  const name = encodedPath(branch.name);
  return {
    type: 'branch',
    name: branch.name,
    target: commitPayload(site, hosted, branch.commit),
    merge_strategies: ['merge_commit', 'squash', 'fast_forward'],
    default_merge_strategy: 'merge_commit',
    links: links({
      self: `${api}/refs/branches/${name}`,
      commits: `${api}/commits/${name}`,
      html: `${repositoryPage(site, hosted.slug)}/branch/${name}`,
    }),
  };
}

/** A tag with its commit; an annotated one with who made it, when and why. */
export function tagPayload(site: Site, hosted: HostedRepository, tag: Ref & Tag): JsonObject {
  const api = repositoryApi(site, hosted.slug);
  const name = encodedPath(tag.name);
  const { annotation, commit } = tag;
  const target = commitPayload(site, hosted, commit);
  return {
    type: 'tag',
    name: tag.name,
    message: annotation?.message ?? null,
    date: annotation === undefined ? null : timestamp(annotation.at),
    tagger: annotation === undefined ? null : (target.author ?? null),
    target,
    links: links({
      self: `${api}/refs/tags/${name}`,
      commits: `${api}/commits/${name}`,
      html: `${repositoryPage(site, hosted.slug)}/commits/tag/${name}`,
    }),
  };
}
