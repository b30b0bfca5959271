import type { JsonObject } from '../../../model/json.js';
import type { Answer } from '../../loopback.js';
import { branchesOf } from '../../company/branches.js';
import type { Repository } from '../../company/company.js';
import { commitId } from '../../company/identifiers.js';
import { type Ref, tagsOf } from '../../company/lookup.js';
import { noDefaultBranch, noSuchTag } from '../api-error.js';
import { pageParameters } from '../paging.js';
import { commitPayload } from '../payloads/commit.js';
import { flag, ok, oneOf, page, repositoryOf, type Call, type Route } from '../route.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}';

export const branchRoutes: readonly Route[] = [
  {
    path: `${below}/branches`,
    query: [
      'filterText',
      'orderBy',
      'details',
      'boostMatches',
      'base',
      'context',
      ...pageParameters,
    ],
    answer: (call) => {
      const repository = repositoryOf(call);
      const isDetailed = flag(call.query, 'details') ?? false;
      return page(call, selected(call, branchesOf(repository)), (each) => ({
        ...branch(each.name),
        ...tip(each),
        isDefault: each.name === repository.defaultBranch,
        ...(isDetailed ? { metadata: details(call, each, repository) } : {}),
      }));
    },
  },
  {
    path: `${below}/tags`,
    query: ['filterText', 'orderBy', ...pageParameters],
    answer: (call) => page(call, selected(call, tagsOf(repositoryOf(call))), tag),
  },
  {
    // The name of a tag may hold slashes, plain or encoded.
    path: `${below}/tags/{path}`,
    query: [],
    answer: (call) => {
      const name = call.parameter('path');
      const found = tagsOf(repositoryOf(call)).find((each) => each.name === name);
      if (found === undefined) throw noSuchTag(name);
      return ok(tag(found));
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

/** Those whose names hold `filterText`; by name, or the newest commit first. */
function selected<Each extends Ref>({ query }: Call, refs: readonly Each[]): readonly Each[] {
  const text = query.get('filterText')?.toLowerCase() ?? '';
  const found = refs.filter(({ name }) => name.toLowerCase().includes(text));
  const isByTime = oneOf(query, 'orderBy', ['ALPHABETICAL', 'MODIFICATION']) === 'MODIFICATION';
  return isByTime ? found.sort((one, other) => other.commit.at - one.commit.at) : found;
}

function tip({ commit: { id } }: Ref): JsonObject {
  return { latestCommit: id, latestChangeset: id };
}

function tag(each: Ref & { readonly annotation?: object }): JsonObject {
  const { name, commit, annotation } = each;
  return {
    id: `refs/tags/${name}`,
    displayId: name,
    type: 'TAG',
    ...tip(each),
    // That of the tag itself, which only an annotated one has.
    hash: annotation === undefined ? null : commitId(`tag ${name} of ${commit.id}`),
  };
}

/** What plugins of the product add, under their own names. */
function details({ site }: Call, { name, commit }: Ref, { defaultBranch }: Repository): JsonObject {
  const plugin = 'com.atlassian.bitbucket.server.bitbucket-branch';
  const isDefault = name === defaultBranch;
  return {
    ...(isDefault ? {} : { [`${plugin}:ahead-behind-metadata-provider`]: { ahead: 1, behind: 0 } }),
    [`${plugin}:latest-commit-metadata`]: commitPayload(site, commit),
  };
}

function branch(name: string): { id: string; displayId: string; type: 'BRANCH' } {
  return { id: `refs/heads/${name}`, displayId: name, type: 'BRANCH' };
}
