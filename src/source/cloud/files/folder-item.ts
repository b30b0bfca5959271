import type { RawItem } from '../../../model/page.js';
import { sourceLink, type ListedRepository } from '../items.js';
import type { TreeEntry } from './tree-entry.js';

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
