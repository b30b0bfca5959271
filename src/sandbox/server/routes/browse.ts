import type { JsonObject } from '../../../model/json.js';
import type { Answer } from '../../loopback.js';
import { commitId } from '../../company/identifiers.js';
import { noSuchPath } from '../api-error.js';
import { pageOf, pageParameters } from '../paging.js';
import { byteLength, bytesOf, type Content, type Tree } from '../../company/tree.js';
import { treeAt } from '../revision.js';
import { flag, ok, repositoryOf, type Call, type Route } from '../route.js';

const below = '/projects/{projectKey}/repos/{repositorySlug}';
const query = ['at', 'type', ...pageParameters];

export const browseRoutes: readonly Route[] = [
  { path: `${below}/browse`, query, answer: (call) => browse(call, '') },
  {
    path: `${below}/browse/{path}`,
    query,
    answer: (call) => browse(call, call.parameter('path')),
  },
];

/** A page of a file's lines or of a directory's children; with `type=true`, which of the two. */
function browse(call: Call, path: string): Answer {
  const at = call.query.get('at');
  const files = treeAt(repositoryOf(call), at);
  const content = files.get(path);
  const children = content === undefined ? childrenOf(files, path) : [];
  if (content === undefined && children.length === 0 && path !== '') throw noSuchPath(path);
  if (flag(call.query, 'type') === true) {
    return ok({ type: content === undefined ? 'DIRECTORY' : typeOf(content) });
  }
  return content === undefined
    ? ok({
        path: pathPayload(path),
        revision: at ?? '',
        children: pageOf(children, call.query, call.paging, (child) => child),
      })
    : ok(linesPage(call, content));
}

/** `lines` takes the place of `values`. */
function linesPage(call: Call, content: Content): JsonObject {
  const lines = String(bytesOf(content)).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const { values, ...envelope } = pageOf(lines, call.query, call.paging, (line) => ({
    text: line,
  }));
  return { lines: values ?? [], ...envelope };
}

function typeOf({ type }: Content): 'FILE' | 'SUBMODULE' {
  return type === 'submodule' ? 'SUBMODULE' : 'FILE';
}

/**
 * Directories and files right below a directory. A directory that holds nothing but another one stands
 * there with it, as in the product: `src/main`.
 */
function childrenOf(files: Tree, path: string): JsonObject[] {
  const directory = path === '' ? '' : `${path}/`;
  const names = [...files.keys()]
    .filter((each) => each.startsWith(directory))
    .map((each) => each.slice(directory.length).split('/')[0] ?? '');
  return [...new Set(names)].sort().map((name) => {
    const content = files.get(`${directory}${name}`);
    if (content === undefined) {
      const node = commitId(`tree ${directory}${name}`);
      return { path: pathPayload(withOnly(files, directory, name)), node, type: 'DIRECTORY' };
    }
    return {
      path: pathPayload(name),
      contentId: commitId(`blob ${String(bytesOf(content))}`),
      type: typeOf(content),
      size: byteLength(content),
    };
  });
}

/** A directory, and each one below it that is all that the one above it holds. */
function withOnly(files: Tree, directory: string, name: string): string {
  const start = `${directory}${name}/`;
  const below = [...files.keys()].filter((each) => each.startsWith(start));
  const names = new Set(below.map((each) => each.slice(start.length).split('/')[0] ?? ''));
  const [only = ''] = names;
  const isFile = files.has(`${start}${only}`);
  return names.size === 1 && !isFile ? `${name}/${withOnly(files, start, only)}` : name;
}

function pathPayload(path: string): JsonObject {
  const components = path === '' ? [] : path.split('/');
  const name = components.at(-1) ?? '';
  const extension = /\.([^.]+)$/.exec(name)?.[1];
  return {
    components,
    parent: components.slice(0, -1).join('/'),
    name,
    ...(extension === undefined ? {} : { extension }),
    toString: path,
  };
}
