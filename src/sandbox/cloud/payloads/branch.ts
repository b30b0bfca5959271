import type { JsonObject } from '../../../model/json.js';
import type { NamedBranch } from '../../company/branches.js';
import type { Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';
import { commitPayload } from './commit.js';
import { encodedPath, links, repositoryApi, repositoryPage } from './links.js';

/** A branch with its newest commit. */
export function branchPayload(
  site: Site,
  hosted: HostedRepository,
  branch: NamedBranch,
): JsonObject {
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
