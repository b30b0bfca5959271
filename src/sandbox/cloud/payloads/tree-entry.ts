import type { JsonObject } from '../../../model/json.js';
import type { Site } from '../route.js';
import { attributesOf, byteLength, type TreeEntry } from '../../company/tree.js';
import { commitReference } from './commit.js';
import { encodedPath, links, repositoryApi } from './links.js';

/** A file or a directory in a listing; with `format=meta`, alone. */
export function treeEntryPayload(
  site: Site,
  slug: string,
  hash: string,
  entry: TreeEntry,
): JsonObject {
  const isDirectory = entry.type === 'commit_directory';
  const self = `${repositoryApi(site, slug)}/src/${hash}/${encodedPath(entry.path)}`;
  const href = isDirectory && entry.path !== '' ? `${self}/` : self;
  const common = {
    type: entry.type,
    path: entry.path,
    commit: commitReference(site, slug, hash),
    links: links({ self: href, meta: `${href}?format=meta` }),
  };
  if (isDirectory) return common;
  return {
    ...common,
    size: byteLength(entry.content),
    mimetype: null,
    attributes: attributesOf(entry.content),
    escaped_path: entry.path,
  };
}
