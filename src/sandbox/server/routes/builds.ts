import type { JsonObject } from '../../../model/json.js';
import type { Pipeline, Repository } from '../../company/company.js';
import { pageParameters } from '../paging.js';
import { oneOf, page, type Route } from '../route.js';

/** What build servers tell of a commit. Not below `rest/api`. */
export const buildRoutes: readonly Route[] = [
  {
    path: '/build-status/commits/{commitId}',
    query: ['orderBy', ...pageParameters],
    // Whoever has a licence.
    forUsers: true,
    answer: (call) => {
      oneOf(call.query, 'orderBy', ['NEWEST', 'OLDEST', 'STATUS']);
      const id = call.parameter('commitId');
      const builds = call.site.company.repositories.flatMap((repository) =>
        newest(repository, id).map((run) => buildStatus(repository, run)),
      );
      return page(call, builds, (each) => each);
    },
  },
];

/** A newer build of the same key takes the place of an older one. */
function newest({ pipelines = [] }: Repository, commit: string): readonly Pipeline[] {
  const byKey = new Map(
    pipelines.filter((run) => run.commit === commit).map((run) => [run.deploysTo ?? '', run]),
  );
  return [...byKey.values()];
}

const states = { SUCCESSFUL: 'SUCCESSFUL', FAILED: 'FAILED', STOPPED: 'CANCELLED' } as const;

function buildStatus({ project, slug, name }: Repository, run: Pipeline): JsonObject {
  const { number, branch, startedAt, finished, deploysTo } = run;
  const key = deploysTo === undefined ? `${slug}-build` : `${slug}-deploy-${deploysTo}`;
  return {
    key,
    name: deploysTo === undefined ? `Build ${name}` : `Deploy ${name} to ${deploysTo}`,
    state: finished === undefined ? 'INPROGRESS' : states[finished.result],
    buildNumber: String(number),
    ref: `refs/heads/${branch}`,
    url: `https://ci.example.com/job/${key}/${number}`,
    createdDate: startedAt,
    updatedDate: finished?.at ?? startedAt,
    ...(finished === undefined ? {} : { duration: finished.at - startedAt }),
    projectKey: project,
    repositorySlug: slug,
  };
}
