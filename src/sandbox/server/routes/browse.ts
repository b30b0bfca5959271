import type { JsonObject } from '../../../model/json.js';
import type { Answer } from '../../loopback.js';
import { commitId } from '../../company/identifiers.js';
import { noSuchPath } from '../api-error.js';
import { pageOf, pageParameters } from '../paging.js';
import { filesAt } from '../revision.js';
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
  const files = filesAt(repositoryOf(call), at);
  const content = files.get(path);
  const children = content === undefined ? childrenOf(files, path) : [];
  if (content === undefined && children.length === 0 && path !== '') throw noSuchPath(path);
  if (flag(call.query, 'type') === true) {
    return ok({ type: content === undefined ? 'DIRECTORY' : 'FILE' });
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
function linesPage(call: Call, content: string): JsonObject {
  const lines = content.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const { values, ...envelope } = pageOf(lines, call.query, call.paging, (line) => ({
    text: line,
  }));
  return { lines: values ?? [], ...envelope };
}

/** Directories and files right below a directory. */
function childrenOf(files: ReadonlyMap<string, string>, path: string): JsonObject[] {
  const directory = path === '' ? '' : `${path}/`;
  const names = [...files.keys()]
    .filter((each) => each.startsWith(directory))
    .map((each) => each.slice(directory.length).split('/')[0] ?? '');
  return [...new Set(names)].sort().map((name) => {
    const content = files.get(`${directory}${name}`);
    return content === undefined
      ? { path: pathPayload(name), node: commitId(`tree ${directory}${name}`), type: 'DIRECTORY' }
      : {
          path: pathPayload(name),
          contentId: commitId(`blob ${content}`),
          type: 'FILE',
          size: Buffer.byteLength(content),
        };
  });
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
