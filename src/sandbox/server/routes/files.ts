import { noSuchPath, notDirectory } from '../api-error.js';
import { pageParameters } from '../paging.js';
import { bytesOf, type Content } from '../../company/tree.js';
import { treeAt } from '../revision.js';
import { page, repositoryOf, text, type Call, type Route } from '../route.js';
import type { Answer } from '../../loopback.js';
import type { Repository } from '../../company/company.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}';

export const fileRoutes: readonly Route[] = [
  {
    path: `${below}/readme`,
    query: ['at'],
    answer: (call) => readme(call, repositoryOf(call)),
  },
  {
    path: `${below}/raw/{path}`,
    query: ['at'],
    answer: (call) => {
      const path = call.parameter('path');
      const content = treeAt(repositoryOf(call), call.query.get('at')).get(path);
      // Another repository has no content here.
      if (content === undefined || content.type === 'submodule') throw noSuchPath(path);
      return raw(content);
    },
  },
  {
    path: `${below}/files`,
    query: ['at', ...pageParameters],
    answer: (call) => listing(call, ''),
  },
  {
    path: `${below}/files/{path}`,
    query: ['at', ...pageParameters],
    answer: (call) => listing(call, `${call.parameter('path')}/`),
  },
];

/** As git keeps it: of a link where it leads to, of a file in LFS its pointer. */
function raw(content: Content): Answer {
  const bytes = bytesOf(content);
  if (typeof bytes === 'string') return text(bytes);
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes };
}

/** At the root only, whatever its case, plain or with one of two endings. */
const readmeName = /^readme(\.(md|txt))?$/i;

function readme({ query, behaviour }: Call, repository: Repository): Answer {
  const files = treeAt(repository, query.get('at'));
  const [path = ''] = [...files.keys()].filter((candidate) => readmeName.test(candidate)).sort();
  const content = files.get(path);
  if (content !== undefined) return raw(content);
  if (behaviour.missingReadme === 204) return { status: 204 };
  throw noSuchPath('README');
}

/** Paths of all files below a directory, relative to it; links and other repositories are among them. */
function listing(call: Call, directory: string): Answer {
  const files = treeAt(repositoryOf(call), call.query.get('at'));
  const paths = [...files.keys()]
    .filter((path) => path.startsWith(directory))
    .map((path) => path.slice(directory.length))
    .sort();
  if (files.has(directory.slice(0, -1))) throw notDirectory(directory.slice(0, -1));
  if (paths.length === 0 && directory !== '') throw noSuchPath(directory.slice(0, -1));
  return page(call, paths, (path) => path);
}
