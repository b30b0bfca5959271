import { z } from 'zod';
import type { RawItem } from '../../../model/page.js';
import type { Count } from '../../listing/rest.js';
import type { RepositoryListing } from '../../reading/repository-listing.js';
import { AttachedFiles } from '../files/attached-files.js';
import { folderItem } from '../files/folder-item.js';
import {
  concernsRepository,
  folderPatterns,
  foldersKey,
  folderWalks,
  type FolderPattern,
  type FolderWalk,
} from '../files/folder-patterns.js';
import type { TreeEntry } from '../files/tree-entry.js';
import type { Tree } from '../files/tree-walk.js';
import type { ListedRepository } from '../items.js';
import { readBelow } from '../read-below.js';
import { repositorySelectorKeys } from '../repository-filter.js';
import type { CloudContext, CloudKind } from './kind.js';

/** Folders that patterns find, each with its repository, once for each pattern that it meets. */
export const folderKind: CloudKind = {
  name: 'folder',
  selector: z.strictObject({ ...repositorySelectorKeys, ...foldersKey }),
  scope: 'repository',
  open: (context, request) => {
    const patterns = folderPatterns(request.selector);
    const files = new AttachedFiles(context.files, request);
    return readBelow(context, request, {
      keeps: (repository) => concernsRepository(patterns, repository),
      needOf: (repository) => ({ api: folderWalks(patterns, repository).length, files: [] }),
      list: (repository, count) => listed(context, repository, patterns, files, count),
      subject: (repositoryName) => `folders of ${repositoryName}`,
    });
  },
};

function listed(
  { trees }: CloudContext,
  repository: ListedRepository,
  patterns: readonly FolderPattern[],
  files: AttachedFiles,
  count: Count,
): RepositoryListing {
  const read: Tree[] = [];
  async function* pages(): RepositoryListing['pages'] {
    for (const walk of folderWalks(patterns, repository)) {
      const tree = trees.list(walk.question, count);
      read.push(tree);
      for await (const entries of tree.pages) {
        const found = entries.flatMap((entry) => foldersOf(walk, entry));
        const attached = await Promise.all(
          found.map(({ item, entry }) =>
            files.attach(
              item,
              {
                repository,
                branch: walk.question.branch,
                commit: entry.commit,
                folder: entry.path,
              },
              count,
            ),
          ),
        );
        yield {
          items: attached.map(({ item }) => item),
          problems: attached.flatMap(({ problems }) => problems),
          weight: attached.length,
        };
      }
    }
  }
  const pageCount = (): number => Math.max(0, ...read.map((tree) => tree.pageCount()));
  return { pages: pages(), pageCount };
}

function foldersOf(
  { question: { repository, branch }, patterns }: FolderWalk,
  entry: TreeEntry,
): readonly { readonly item: RawItem; readonly entry: TreeEntry }[] {
  return patterns
    .filter(({ matches }) => matches(entry.path))
    .map(({ pattern }) => ({
      entry,
      item: folderItem(repository, branch, entry, pattern),
    }));
}
