import type { RawItem } from '../../model/page.js';
import type { Count } from '../listing/rest.js';
import type { RepositoryListing } from '../reading/repository-listing.js';
import type { ReadRequest } from '../source.js';
import { AttachedFiles } from './attached-files.js';
import { FileItems } from './file-items.js';
import { FileListing } from './file-listing.js';
import type { FileReads } from './file-reads.js';
import { fileSelection } from './file-selection.js';
import type { FileRepository, Tree, TreeEntry } from './file-source.js';
import {
  concernsRepository,
  folderPatterns,
  folderWalks,
  type FolderPattern,
} from './folder-patterns.js';

/** What a reading of files or folders does in repositories. */
export interface BranchContents<Repository> {
  /** Whether the resource is about the repository. */
  readonly keeps: (repository: Repository) => boolean;
  /** Repositories that the selector names, one by one. */
  readonly named: readonly string[];
  /** How many listings a repository takes at least, and which files are read without one. */
  readonly takes: (repository: Repository) => {
    readonly listings: number;
    readonly files: readonly string[];
  };
  /** @param known keys of items that need not be read again */
  readonly list: (
    repository: Repository,
    count: Count,
    known: ReadonlySet<string>,
  ) => RepositoryListing;
}

/** Reads what a kind finds in repositories. */
export function readContents<Repository extends FileRepository>(
  contents: 'files' | 'folders',
  files: FileReads<Repository>,
  request: ReadRequest,
): BranchContents<Repository> {
  return contents === 'files' ? readFiles(files, request) : readFolders(files, request);
}

/** What a look for one example needs to know of a selector. */
export interface Sought {
  readonly isAbout: (repository: FileRepository) => boolean;
  /** Where to look; what is further below is left out. */
  readonly directory: string;
  /** The pattern that takes a path, for a file its path; null: none does. */
  readonly taking: (path: string) => string | null;
}

/** @param selector null: anything will do */
export function soughtBy(contents: 'files' | 'folders', selector: unknown): Sought {
  if (selector === null) {
    return { isAbout: () => true, directory: '', taking: (path) => path };
  }
  if (contents === 'files') {
    const { isAbout, matches, where } = fileSelection(selector);
    const taking = (path: string): string | null => (matches(path) ? path : null);
    return { isAbout, directory: where.directory, taking };
  }
  const patterns = folderPatterns(selector);
  return {
    isAbout: (repository) => concernsRepository(patterns, repository),
    directory: patterns[0]?.base.join('/') ?? '',
    taking: (path) => patterns.find(({ matches }) => matches(path))?.pattern ?? null,
  };
}

/** Files of main branches. */
function readFiles<Repository extends FileRepository>(
  files: FileReads<Repository>,
  request: ReadRequest,
): BranchContents<Repository> {
  const selection = fileSelection(request.selector);
  const items = new FileItems(files, request, selection.skipParsing);
  files.announce(selection.matches);
  const { onlyPath } = selection;
  const isDescribed = files.source.entry !== undefined && request.mentions('metadata');
  return {
    keeps: selection.isAbout,
    named: selection.named,
    // A listing shows how many files there are; only the one that is read without a listing is known.
    takes: ({ mainBranch }) => {
      if (mainBranch === null) return { listings: 0, files: [] };
      return onlyPath === null || isDescribed
        ? { listings: 1, files: [] }
        : { listings: 0, files: [onlyPath] };
    },
    list: (repository, count, known) =>
      new FileListing({ files, request, selection, items, repository, count, known }),
  };
}

/** The folders that patterns find. */
function readFolders<Repository extends FileRepository>(
  files: FileReads<Repository>,
  request: ReadRequest,
): BranchContents<Repository> {
  const patterns = folderPatterns(request.selector);
  const folders = new Folders(files, request, patterns);
  return {
    keeps: (repository) => concernsRepository(patterns, repository),
    named: patterns.flatMap(({ places }) => places?.map(({ name }) => name) ?? []),
    takes: (repository) => ({ listings: folderWalks(patterns, repository).length, files: [] }),
    list: (repository, count) => folders.list(repository, count),
  };
}

class Folders<Repository extends FileRepository> {
  readonly #files: FileReads<Repository>;
  readonly #request: ReadRequest;
  readonly #patterns: readonly FolderPattern[];
  readonly #attached: AttachedFiles<Repository>;

  constructor(
    files: FileReads<Repository>,
    request: ReadRequest,
    patterns: readonly FolderPattern[],
  ) {
    this.#files = files;
    this.#request = request;
    this.#patterns = patterns;
    this.#attached = new AttachedFiles(files, request);
  }

  list(repository: Repository, count: Count): RepositoryListing {
    const read: Tree[] = [];
    return {
      pages: this.#pages(repository, count, read),
      pageCount: () => Math.max(0, ...read.map((tree) => tree.pageCount())),
      hasGaps: () => read.some((tree) => tree.hasGaps?.() ?? false),
    };
  }

  async *#pages(repository: Repository, count: Count, read: Tree[]): RepositoryListing['pages'] {
    const { source } = this.#files;
    for (const { question, patterns } of folderWalks(this.#patterns, repository)) {
      const { branch } = question;
      const tree = source.list(question, count);
      read.push(tree);
      for await (const entries of tree.pages) {
        const found = entries.flatMap((entry) =>
          patterns
            .filter(({ matches }) => matches(entry.path))
            .map(({ pattern }) => ({ entry, pattern })),
        );
        // What the branch is called may take a request.
        const isNamed = found.length > 0 && this.#request.mentions('branch');
        const name = isNamed ? await source.nameOf(repository, branch, count) : branch;
        const attached = await Promise.all(
          found.map(({ entry, pattern }) => {
            const place = { repository, branch, commit: entry.commit };
            const link = source.linkTo(place, entry.path);
            const item = folderItem({ repository, branch, entry, link }, name, pattern);
            return this.#attached.attach(item, { ...place, folder: entry.path }, count);
          }),
        );
        yield {
          items: attached.map(({ item }) => item),
          problems: attached.flatMap(({ problems }) => problems),
          weight: attached.length,
        };
      }
    }
  }
}

/** A folder that was found on a branch. */
interface FoundFolder {
  readonly repository: FileRepository;
  readonly branch: string;
  readonly entry: TreeEntry;
  readonly link: string | null;
}

/**
 * What mappings see of a folder: `{folder, repo, pattern, branch}`, once for each pattern it meets.
 * @param branch what its branch is called
 */
export function folderItem(
  { repository, entry, link, ...found }: FoundFolder,
  branch: string,
  pattern: string,
): RawItem {
  return {
    key: `${repository.item.key}:${found.branch}:${entry.path}:${pattern}`,
    link,
    value: { folder: entry.item.value, repo: repository.item.value, pattern, branch },
  };
}
