import type { Answer } from '../../loopback.js';
import { branchesOf } from '../../company/branches.js';
import type { Repository } from '../../company/company.js';
import { noDefaultBranch } from '../api-error.js';
import { pageParameters } from '../paging.js';
import { ok, page, repositoryOf, type Route } from '../route.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}';

export const branchRoutes: readonly Route[] = [
  {
    path: `${below}/branches`,
    query: pageParameters,
    answer: (call) => {
      const repository = repositoryOf(call);
      return page(call, branchesOf(repository), ({ name, commit }) => ({
        ...branch(name),
        latestCommit: commit.id,
        latestChangeset: commit.id,
        isDefault: name === repository.defaultBranch,
      }));
    },
  },
  {
    path: `${below}/default-branch`,
    query: [],
    answer: (call) => {
      const { defaultBranch } = repositoryOf(call);
      if (defaultBranch === null) throw noDefaultBranch();
      return ok(branch(defaultBranch));
    },
  },
  {
    // Deprecated, and the one that tells an empty repository by 204.
    path: `${below}/branches/default`,
    query: [],
    answer: (call) => deprecatedDefaultBranch(repositoryOf(call)),
  },
];

function deprecatedDefaultBranch({ commits: [tip], defaultBranch }: Repository): Answer {
  if (tip === undefined) return { status: 204 };
  if (defaultBranch === null) throw noDefaultBranch();
  return ok({
    ...branch(defaultBranch),
    latestCommit: tip.id,
    latestChangeset: tip.id,
    isDefault: true,
  });
}

function branch(name: string): { id: string; displayId: string; type: 'BRANCH' } {
  return { id: `refs/heads/${name}`, displayId: name, type: 'BRANCH' };
}
