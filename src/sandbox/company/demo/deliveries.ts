import type { Pipeline, PullRequest, Repository } from '../company.js';

const minute = 60_000;

/** Where what runs on a server is deployed to. */
const environments = [
  { name: 'Staging', type: 'Staging' },
  { name: 'Production', type: 'Production' },
] as const;

/** What runs on a server, by project and slug. */
const deployed = ['PAY/api', 'PAY/ledger', 'PAY/card-gateway', 'WEB/api', 'WEB/storefront'];

/**
 * A repository with the runs of its builds: one as each pull request was merged. Where it is deployed, a run
 * deploys to staging and another one to production, which fails for every third; then it is tried again.
 */
export function withDeliveries(
  repository: Repository,
  pullRequests: Iterable<PullRequest>,
): Repository {
  const { project, slug, defaultBranch, commits } = repository;
  const [tip] = commits;
  if (defaultBranch === null || tip === undefined) return repository;
  const isDeployed = deployed.includes(`${project}/${slug}`);
  const merged = [...pullRequests].filter(({ state }) => state === 'MERGED');
  const pipelines: Pipeline[] = [];
  const run = (
    { author, closedDate = 0, mergeCommit = tip.id }: PullRequest,
    minutes: number,
    result: NonNullable<Pipeline['finished']>['result'],
    deploysTo?: string,
  ): void => {
    const startedAt = closedDate + minutes * minute;
    pipelines.push({
      number: pipelines.length + 1,
      branch: defaultBranch,
      commit: mergeCommit,
      creator: author,
      startedAt,
      finished: { at: startedAt + 4 * minute, result },
      ...(deploysTo === undefined ? {} : { deploysTo }),
    });
  };
  for (const [index, pullRequest] of merged.entries()) {
    run(pullRequest, 1, 'SUCCESSFUL');
    if (!isDeployed) continue;
    run(pullRequest, 10, 'SUCCESSFUL', 'Staging');
    const fails = (index + repository.id) % 3 === 0;
    run(pullRequest, 30, fails ? 'FAILED' : 'SUCCESSFUL', 'Production');
    if (fails) run(pullRequest, 75, 'SUCCESSFUL', 'Production');
  }
  // The newest commit was built as well.
  pipelines.push({
    number: pipelines.length + 1,
    branch: defaultBranch,
    commit: tip.id,
    creator: 'admin',
    startedAt: tip.at + minute,
    finished: { at: tip.at + 5 * minute, result: 'SUCCESSFUL' },
  });
  const inOrder = pipelines
    .sort((one, other) => one.startedAt - other.startedAt)
    .map((one, index) => ({ ...one, number: index + 1 }));
  return { ...repository, pipelines: inOrder, ...(isDeployed ? { environments } : {}) };
}
