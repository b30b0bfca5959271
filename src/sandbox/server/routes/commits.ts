import type { Commit, Repository } from '../../company/company.js';
import { commitsOf } from '../../company/branches.js';
import { tagsOf } from '../../company/lookup.js';
import { noDefaultBranch, noSuchCommit } from '../api-error.js';
import { pageParameters } from '../paging.js';
import { commitPayload } from '../payloads/commit.js';
import { ok, page, repositoryOf, type Call, type Route } from '../route.js';
import { isDefaultBranch } from '../revision.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}';

export const commitRoutes: readonly Route[] = [
  {
    path: `${below}/commits`,
    query: ['until', 'since', ...pageParameters],
    answer: (call) =>
      page(call, history(call, repositoryOf(call)), (each) => commitPayload(call.site, each)),
  },
  {
    path: `${below}/commits/{commitId}`,
    query: [],
    answer: (call) => {
      const id = call.parameter('commitId');
      const commit = knownCommits(repositoryOf(call)).find((candidate) => candidate.id === id);
      if (commit === undefined) throw noSuchCommit(id);
      return ok(commitPayload(call.site, commit));
    },
  },
];

/** Those that branches and tags show. */
function knownCommits(repository: Repository): readonly Commit[] {
  return [...commitsOf(repository), ...tagsOf(repository).map(({ commit }) => commit)];
}

/** Newest first, from `until` down to what comes after `since`. */
function history(call: Call, repository: Repository): readonly Commit[] {
  const { commits } = repository;
  if (commits.length === 0 && call.query.get('until') === null) {
    if (call.behaviour.emptyRepositoryCommits === 'empty-page') return [];
    throw noDefaultBranch();
  }
  const until = call.query.get('until');
  const since = call.query.get('since');
  return commits.slice(
    until === null ? 0 : positionOf(repository, until),
    since === null ? commits.length : positionOf(repository, since),
  );
}

function positionOf(repository: Repository, revision: string): number {
  if (isDefaultBranch(repository, revision)) return 0;
  const position = repository.commits.findIndex(({ id }) => id === revision);
  if (position < 0) throw noSuchCommit(revision);
  return position;
}
