import type { JsonObject } from '../../../model/json.js';
import { CloudError } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { commitReference } from '../payloads/commit.js';
import { encodedPath, links, repositoryApi } from '../payloads/links.js';
import { repositoryReference } from '../payloads/repository.js';
import { page, type Call, type Route, type Site } from '../route.js';
import type { HostedRepository } from '../workspace.js';

/** Announced to go on 1 November 2026, and never for access tokens. */
export const codeSearchRoutes: readonly Route[] = [
  {
    path: '/workspaces/{workspace}/search/code',
    query: ['search_query', ...pageParameters],
    needs: 'repository',
    forUsers: true,
    hidden: ['values.file.commit'],
    answer: (call) => {
      requireSearch(call);
      const isHit = hits(call.request.query.get('search_query') ?? '');
      return page(call, candidates(call).filter(isHit), (hit) => hitPayload(call.site, hit));
    },
  },
];

/** A file on a default branch: nothing else is searched. */
interface Candidate {
  readonly hosted: HostedRepository;
  readonly hash: string;
  readonly path: string;
  readonly text: string;
}

function requireSearch({ behaviour, parameter }: Call): void {
  if (behaviour.codeSearch === 'gone') {
    throw new CloudError(410, 'This API was removed on November 1, 2026.');
  }
  if (behaviour.codeSearch === 'off') {
    throw new CloudError(404, `Search is not enabled for ${parameter('workspace')}.`);
  }
}

function candidates({ site, caller }: Call): readonly Candidate[] {
  return site.workspace.repositories
    .filter((hosted) => caller.role(hosted) !== null)
    .flatMap((hosted) => {
      const { files, commits } = hosted.repository;
      const hash = commits[0]?.id ?? '';
      return Object.entries(files).map(([path, text]) => ({ hosted, hash, path, text }));
    });
}

const modifiers: Readonly<Record<string, (candidate: Candidate, value: string) => boolean>> = {
  path: ({ path }, value) => `/${path}`.includes(value),
  ext: ({ path }, value) => path.endsWith(`.${value}`),
  repo: ({ hosted }, value) => hosted.slug === value,
  project: ({ hosted }, value) => hosted.project.key === value,
};

/** Words, in quotes or not, and `modifier:value`; all of them have to be met. */
function hits(query: string): (candidate: Candidate) => boolean {
  const terms = query.match(/(?:\w+:)?(?:"[^"]*"|[^\s"]+)/g) ?? [];
  if (terms.length === 0) {
    throw new CloudError(400, 'The search query is empty.', {
      data: { key: 'search.query.empty' },
    });
  }
  const tests = terms.map((term) => {
    const [, name = '', value = ''] = /^(?:(\w+):)?"?([^"]*)"?$/.exec(term) ?? [];
    const modifier = modifiers[name];
    return (candidate: Candidate) =>
      modifier === undefined
        ? `${candidate.path}\n${candidate.text}`.toLowerCase().includes(value.toLowerCase())
        : modifier(candidate, value);
  });
  return (candidate) => tests.every((test) => test(candidate));
}

function hitPayload(site: Site, { hosted, hash, path }: Candidate): JsonObject {
  const self = `${repositoryApi(site, hosted.slug)}/src/${hash}/${encodedPath(path)}`;
  return {
    type: 'code_search_result',
    content_match_count: 0,
    content_matches: [],
    path_matches: [{ text: path, match: true }],
    file: {
      type: 'commit_file',
      path,
      links: links({ self }),
      commit: {
        ...commitReference(site, hosted.slug, hash),
        repository: repositoryReference(site, hosted),
      },
    },
  };
}
