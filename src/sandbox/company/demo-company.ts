import { type Company, PullRequestShelf } from './company.js';
import { withDeliveries } from './demo/deliveries.js';
import { demoProjects } from './demo/projects.js';
import { demoPullRequests } from './demo/pull-requests.js';
import { demoRepositories } from './demo/repositories.js';
import { demoUsers } from './demo/users.js';

/**
 * Fernlicht, a small bicycle rental: the same each time, and the caller's own to change. It holds
 * what is normal and makes exporters stumble: an archived and an empty repository, slugs that two
 * projects share, a name that is not its slug, a personal project with a fork, names that are not
 * ASCII, a user without an e-mail address and one who left.
 */
export function demoCompany(): Company {
  const pullRequests = demoRepositories.map((repository) => {
    const shelf = new PullRequestShelf();
    for (const pullRequest of demoPullRequests(repository)) shelf.add(pullRequest);
    return [repository.id, shelf] as const;
  });
  return {
    users: [...demoUsers],
    projects: [...demoProjects],
    repositories: demoRepositories.map((repository) =>
      withDeliveries(repository, demoPullRequests(repository)),
    ),
    pullRequests: new Map(pullRequests),
  };
}
