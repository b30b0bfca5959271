import type { Problem } from '../../../problems/problem.js';
import type { Count } from '../../listing/rest.js';
import type { ReadRequest } from '../../source.js';
import type { RepositoryListing, RepositoryPage } from '../../reading/repository-listing.js';
import type { ListedRepository } from '../items.js';
import type { FileItems } from './file-items.js';
import { largestFileBytes } from './file-outcome.js';
import type { FileSelection } from './file-selection.js';
import { treeEntryOf, type TreeEntry } from './tree-entry.js';
import type { Tree, Trees } from './tree-walk.js';

/** What reading the files of one repository takes. */
export interface FileListingOptions {
  readonly trees: Trees;
  readonly items: FileItems;
  readonly selection: FileSelection;
  readonly request: ReadRequest;
  readonly repository: ListedRepository;
  readonly count: Count;
  /** Keys of files that need not be read again. */
  readonly known: ReadonlySet<string>;
}

/** Files that are read at the same time, and make a page. */
const filesAtOnce = 10;

/** How many files are named of those that were left out. */
const namedFiles = 3;

/** The files of one repository's main branch that a resource is about. */
export class FileListing implements RepositoryListing {
  readonly pages: AsyncIterable<RepositoryPage, void, undefined>;
  readonly #options: FileListingOptions;
  readonly #tooLarge: string[] = [];
  #tree: Tree | null = null;

  constructor(options: FileListingOptions) {
    this.#options = options;
    this.pages = this.#read();
  }

  readonly pageCount = (): number => this.#tree?.pageCount() ?? 1;

  async *#read(): RepositoryListing['pages'] {
    const { mainBranch } = this.#options.repository;
    // Nothing was pushed yet: no branch, no files.
    if (mainBranch === null) return;
    const { onlyPath } = this.#options.selection;
    if (onlyPath === null) yield* this.#listed(mainBranch);
    else yield* this.#direct(mainBranch, onlyPath);
    if (this.#tooLarge.length > 0) {
      yield { items: [], problems: [this.#leftOut()], weight: 0 };
    }
  }

  async *#listed(branch: string): RepositoryListing['pages'] {
    const { trees, selection, repository, count } = this.#options;
    const question = { ...selection.where, repository, branch, isBranchOptional: false };
    this.#tree = trees.list(question, count);
    for await (const entries of this.#tree.pages) {
      const found = entries.filter((entry) => this.#isWanted(branch, entry));
      for (let start = 0; start < found.length; start += filesAtOnce) {
        yield await this.#page(branch, found.slice(start, start + filesAtOnce), true);
      }
    }
  }

  /** One request where a listing would take at least two. */
  async *#direct(branch: string, path: string): RepositoryListing['pages'] {
    const { trees, repository, request, count } = this.#options;
    const isDescribed = request.mentions('metadata');
    const entry = isDescribed
      ? await trees.entry(repository, branch, path, count)
      : treeEntryOf({ type: 'commit_file', path });
    if (entry === null || !this.#isWanted(branch, entry)) return;
    yield await this.#page(branch, [entry], isDescribed);
  }

  /** A link or another repository is no file. */
  #isWanted(branch: string, { type, path, attributes, size }: TreeEntry): boolean {
    const { selection, repository, known } = this.#options;
    if (type !== 'commit_file' || !selection.matches(path)) return false;
    if (attributes.includes('link') || attributes.includes('subrepository')) return false;
    if (known.has(`${repository.item.key}:${branch}:${path}`)) return false;
    if (size !== null && size > largestFileBytes) {
      this.#tooLarge.push(path);
      return false;
    }
    return true;
  }

  async #page(
    branch: string,
    entries: readonly TreeEntry[],
    isListed: boolean,
  ): Promise<RepositoryPage> {
    const { items: factory, repository, count } = this.#options;
    const made = await Promise.all(
      entries.map(async (entry) => ({
        path: entry.path,
        file: await factory.make({ repository, branch, entry }, isListed, count),
      })),
    );
    for (const { path, file } of made) if (file.type === 'too large') this.#tooLarge.push(path);
    const files = made.flatMap(({ file }) => (file.type === 'item' ? [file] : []));
    return {
      items: files.map(({ item }) => item),
      problems: files.flatMap(({ problems }) => problems),
      weight: files.reduce((sum, { weight }) => sum + weight, 0),
    };
  }

  #leftOut(): Problem {
    const { repository, request } = this.#options;
    return {
      code: 'files-skipped',
      resource: request.resource,
      item: repository.item.link ?? repository.name,
      count: this.#tooLarge.length,
      limitBytes: largestFileBytes,
      paths: this.#tooLarge.slice(0, namedFiles),
    };
  }
}
