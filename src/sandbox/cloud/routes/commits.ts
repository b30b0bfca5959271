import { pageParameters } from '../paging.js';
import { commitPayload } from '../payloads/commit.js';
import { commitsOf } from '../../company/branches.js';
import { revisionOf } from '../revision.js';
import { document, hashedPages, page, repositoryOf, type Route } from '../route.js';

const below = '/repositories/{workspace}/{repo_slug}';

export const commitRoutes: readonly Route[] = [
  {
    path: `${below}/commits`,
    query: pageParameters,
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const commits = commitsOf(hosted.repository);
      return page(call, commits, (commit) => commitPayload(call.site, hosted, commit), hashedPages);
    },
  },
  {
    path: `${below}/commit/{commit}`,
    query: [],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const { commit } = revisionOf(hosted.repository, call.parameter('commit'));
      return document(commitPayload(call.site, hosted, commit));
    },
  },
];
