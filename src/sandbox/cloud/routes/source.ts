import { commitId } from '../../company/identifiers.js';
import { count, text, type Fields } from '../bbql/fields.js';
import { CloudError, noSuchPath, unknownToContract } from '../cloud-error.js';
import { pageParameters } from '../paging.js';
import { treeEntryPayload } from '../payloads/tree-entry.js';
import type { Revision } from '../../company/branches.js';
import { revisionOf } from '../revision.js';
import { document, hashedPages, page, repositoryOf, selected } from '../route.js';
import type { Call, Outcome, Route } from '../route.js';
import { byteLength, bytesOf, entriesBelow, isDirectory } from '../../company/tree.js';
import type { Content, TreeEntry } from '../../company/tree.js';

export const sourceRoutes: readonly Route[] = [
  {
    // A slash ends the commit, encoded or not: a branch with one in its name is not found.
    path: '/repositories/{workspace}/{repo_slug}/src/{commit}/{path}',
    query: ['format', 'q', 'sort', 'max_depth', ...pageParameters],
    needs: 'repository',
    answer: (call) => {
      const hosted = repositoryOf(call);
      const revision = revisionOf(hosted.repository, call.parameter('commit'));
      const path = call.parameter('path').replace(/\/$/, '');
      const content = revision.tree.get(path);
      if (content === undefined && !isDirectory(revision.tree, path)) throw noSuchPath(path);
      const entry = entryOf(path, content);
      if (wantsMeta(call)) {
        return document(treeEntryPayload(call.site, hosted.slug, revision.commit.id, entry));
      }
      return content === undefined
        ? listing(call, hosted.slug, revision, path)
        : file(call, path, content);
    },
  },
];

function entryOf(path: string, content: Content | undefined): TreeEntry {
  return content === undefined
    ? { type: 'commit_directory', path, depth: 0 }
    : { type: 'commit_file', path, depth: 0, content };
}

function wantsMeta({ request: { query } }: Call): boolean {
  const format = query.get('format');
  if (format !== null && format !== 'meta') throw unknownToContract(`format=${format}`);
  return format === 'meta';
}

function listing(call: Call, slug: string, { commit, tree }: Revision, path: string): Outcome {
  const entries = entriesBelow(tree, path, maximumDepth(call));
  return page(
    call,
    selected(call, entries, entryFields),
    (entry) => treeEntryPayload(call.site, slug, commit.id, entry),
    hashedPages,
  );
}

function maximumDepth({ request: { query }, behaviour }: Call): number {
  const given = query.get('max_depth') ?? '1';
  if (!/^[1-9]\d{0,8}$/.test(given)) throw unknownToContract(`max_depth=${given} is no depth`);
  const depth = Number(given);
  if (depth > behaviour.deepestListing) {
    throw new CloudError(555, 'The request took too long: max_depth may be too large.');
  }
  return depth;
}

const entryFields: Fields<TreeEntry> = {
  type: text(({ type }) => type),
  path: text(({ path }) => path),
  size: count((entry) => (entry.type === 'commit_file' ? byteLength(entry.content) : null)),
};

/** What a file holds; what LFS holds is elsewhere. */
function file({ behaviour }: Call, path: string, content: Content): Outcome {
  if (content.type === 'lfs') {
    return { type: 'moved', location: `${behaviour.mediaUrl}/${content.oid}` };
  }
  const body = bytesOf(content);
  return {
    type: 'file',
    body,
    headers: {
      'content-type': content.type === 'binary' ? 'application/octet-stream' : 'text/plain',
      etag: `"${commitId(`${path} ${Buffer.from(body).toString('base64')}`)}"`,
      'x-content-type-options': 'nosniff',
    },
  };
}
