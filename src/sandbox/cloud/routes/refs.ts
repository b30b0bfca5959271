import { moment, text, type Fields } from '../bbql/fields.js';
import { type Ref, tagsOf } from '../../company/lookup.js';
import { noSuchBranch, noSuchTag } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { branchPayload, tagPayload } from '../payloads/refs.js';
import { branchesOf } from '../../company/branches.js';
import { document, page, repositoryOf, selected, type Route } from '../route.js';

const below = '/repositories/{workspace}/{repo_slug}/refs';

export const refRoutes: readonly Route[] = [
  {
    path: `${below}/branches`,
    query: ['q', 'sort', ...pageParameters],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const branches = selected(call, branchesOf(hosted.repository), refFields);
      return page(call, branches, (branch) => branchPayload(call.site, hosted, branch));
    },
  },
  {
    // The name of a branch may hold slashes, plain or encoded.
    path: `${below}/branches/{path}`,
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
  {
    path: `${below}/tags`,
    query: ['q', 'sort', ...pageParameters],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const tags = selected(call, tagsOf(hosted.repository), refFields);
      return page(call, tags, (tag) => tagPayload(call.site, hosted, tag));
    },
  },
  {
    path: `${below}/tags/{path}`,
    query: [],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const name = call.parameter('path');
      const tag = tagsOf(hosted.repository).find((each) => each.name === name);
      if (tag === undefined) throw noSuchTag(name);
      return document(tagPayload(call.site, hosted, tag));
    },
  },
];

const refFields: Fields<Ref> = {
  name: text(({ name }) => name),
  'target.hash': text(({ commit }) => commit.id),
  'target.date': moment(({ commit }) => commit.at),
};
