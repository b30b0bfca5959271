import { z } from 'zod';
import type { JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import { type ListedRepository, sourceLink } from '../items.js';

/** A file or folder at a commit. */
export interface TreeEntry {
  /** Keyed by its path; the value is what Bitbucket says of it. */
  readonly item: RawItem;
  readonly type: string;
  readonly path: string;
  readonly commit: string | null;
  /** In bytes; null for folders. */
  readonly size: number | null;
  /** `link`, `subrepository`, `executable`, `binary`, `lfs`. */
  readonly attributes: readonly string[];
}

const entry = z.object({
  type: z.string(),
  path: z.string().min(1),
  commit: z.object({ hash: z.string().min(1) }).nullish(),
  size: z.number().nullish(),
  attributes: z.union([z.array(z.string()), z.string().transform((one) => [one])]).nullish(),
});

/** An entry of a listing; null for something else. */
export function treeEntryOf(value: JsonObject): TreeEntry | null {
  const known = entry.safeParse(value).data;
  if (known === undefined) return null;
  const { type, path, commit, size, attributes } = known;
  return {
    item: { key: path, link: null, value },
    type,
    path,
    commit: commit?.hash ?? null,
    size: size ?? null,
    attributes: attributes ?? [],
  };
}

/** What mappings see of a folder: `{folder, repo, pattern, branch}`, once for each pattern it meets. */
export function folderItem(
  repository: ListedRepository,
  branch: string,
  entry: TreeEntry,
  pattern: string,
): RawItem {
  return {
    key: `${repository.item.key}:${branch}:${entry.path}:${pattern}`,
    link: sourceLink(repository.item, entry.commit ?? branch, entry.path),
    value: { folder: entry.item.value, repo: repository.item.value, pattern, branch },
  };
}
