import type { RawItem } from '../../../model/page.js';
import type { Count } from '../../listing/rest.js';
import type { RepositoryListing } from '../../reading/repository-listing.js';
import type { ReadRequest } from '../../source.js';
import type { ListedRepository } from '../items.js';
import { type Need, noNeed } from '../limits/demand.js';
import { AttachedFiles } from './attached-files.js';
import { FileItems } from './file-items.js';
import { FileListing } from './file-listing.js';
import { fileSelection, type FileSelection } from './file-selection.js';
import { folderItem, type TreeEntry } from './tree-entry.js';
import {
  concernsRepository,
  folderPatterns,
  folderWalks,
  type FolderPattern,
  type FolderWalk,
} from './folder-patterns.js';
import type { FileReads } from './file-reads.js';
import type { Tree, Trees } from './tree-walk.js';

/** What reading the contents of repositories takes. */
export interface ContentsContext {
  readonly files: FileReads;
  readonly trees: Trees;
}

/** What a reading does in repositories. */
export interface InRepositories {
  /** Whether the resource is about the repository. */
  readonly keeps: (repository: ListedRepository) => boolean;
  /** Repositories that the selector names, one by one. */
  readonly named: readonly string[];
  /** What reading a repository takes at least. */
  readonly needOf: (repository: ListedRepository) => Need;
  /** @param known keys of items that need not be read again */
  readonly list: (
    repository: ListedRepository,
    count: () => void,
    known: ReadonlySet<string>,
  ) => RepositoryListing;
}

/** Reads files of main branches. */
export function readFiles(context: ContentsContext, request: ReadRequest): InRepositories {
  const selection = fileSelection(request.selector);
  const items = new FileItems(context.files, request, selection.skipParsing);
  context.files.announce(selection.matches);
  return {
    keeps: selection.isAbout,
    named: selection.named,
    needOf: (repository) => fileNeed(repository, selection, request),
    list: (repository, count, known) =>
      new FileListing({ ...context, request, selection, items, repository, count, known }),
  };
}

/** A listing shows how many files there are; only the one that is read without a listing is known. */
function fileNeed(
  { mainBranch }: ListedRepository,
  { onlyPath }: FileSelection,
  { mentions }: ReadRequest,
): Need {
  if (mainBranch === null) return noNeed;
  if (onlyPath === null || mentions('metadata')) return { api: 1, files: [] };
  return { api: 0, files: [onlyPath] };
}

/** Reads the folders that patterns find. */
export function readFolders(context: ContentsContext, request: ReadRequest): InRepositories {
  const patterns = folderPatterns(request.selector);
  const files = new AttachedFiles(context.files, request);
  return {
    keeps: (repository) => concernsRepository(patterns, repository),
    named: patterns.flatMap(({ places }) => places?.map(({ name }) => name) ?? []),
    needOf: (repository) => ({ api: folderWalks(patterns, repository).length, files: [] }),
    list: (repository, count) => listFolders(context, repository, patterns, files, count),
  };
}

function listFolders(
  { trees }: ContentsContext,
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
