import { moment, text, type Fields } from '../bbql/fields.js';
import { noSuchBranch } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { branchPayload } from '../payloads/branch.js';
import { branchesOf, type NamedBranch } from '../../company/branches.js';
import { document, page, repositoryOf, selected, type Route } from '../route.js';

const below = '/repositories/{workspace}/{repo_slug}/refs/branches';

export const refRoutes: readonly Route[] = [
  {
    path: below,
    query: ['q', 'sort', ...pageParameters],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const branches = selected(call, branchesOf(hosted.repository), branchFields);
      return page(call, branches, (branch) => branchPayload(call.site, hosted, branch));
    },
  },
  {
    // The name of a branch may hold slashes, plain or encoded.
    path: `${below}/{path}`,
    query: [],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const name = call.parameter('path');
      const branch = branchesOf(hosted.repository).find((each) => each.name === name);
      if (branch === undefined) throw noSuchBranch(name);
      return document(branchPayload(call.site, hosted, branch));
    },
  },
];

const branchFields: Fields<NamedBranch> = {
  name: text(({ name }) => name),
  'target.hash': text(({ commit }) => commit.id),
  'target.date': moment(({ commit }) => commit.at),
};
