import type { Problem } from '../../problems/problem.js';
import type { Count } from '../listing/rest.js';
import type { ReadRequest } from '../source.js';
import type { RepositoryListing, RepositoryPage } from '../reading/repository-listing.js';
import type { FileItems } from './file-items.js';
import { type FileReads, largestFileBytes } from './file-reads.js';
import type { FileSelection } from './file-selection.js';
import { type FileRepository, type Tree, type TreeEntry, treeEntryOf } from './file-source.js';

/** What reading the files of one repository takes. */
export interface FileListingOptions<Repository extends FileRepository> {
  readonly files: FileReads<Repository>;
  readonly items: FileItems<Repository>;
  readonly selection: FileSelection;
  readonly request: ReadRequest;
  readonly repository: Repository;
  readonly count: Count;
  /** Keys of files that need not be read again. */
  readonly known: ReadonlySet<string>;
}

/** Files that are read at the same time, and make a page. */
const filesAtOnce = 10;

/** How many files are named of those that were left out. */
const namedFiles = 3;

/** The files of one repository's main branch that a resource is about. */
export class FileListing<Repository extends FileRepository> implements RepositoryListing {
  readonly pages: AsyncIterable<RepositoryPage, void, undefined>;
  readonly #options: FileListingOptions<Repository>;
  readonly #tooLarge: string[] = [];
  #tree: Tree | null = null;

  constructor(options: FileListingOptions<Repository>) {
    this.#options = options;
    this.pages = this.#read();
  }

  readonly pageCount = (): number => this.#tree?.pageCount() ?? 1;
  readonly hasGaps = (): boolean => this.#tree?.hasGaps?.() ?? false;

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
    const { files, selection, repository, count } = this.#options;
    const question = { ...selection.where, repository, branch, isBranchOptional: false };
    this.#tree = files.source.list(question, count);
    for await (const entries of this.#tree.pages) {
      const found = entries.filter((entry) => this.#isWanted(branch, entry));
      for (let start = 0; start < found.length; start += filesAtOnce) {
        yield await this.#page(branch, found.slice(start, start + filesAtOnce), true);
      }
    }
  }

  /** One request where a listing would take at least two. */
  async *#direct(branch: string, path: string): RepositoryListing['pages'] {
    const { files, repository, request, count } = this.#options;
    const asked = request.mentions('metadata')
      ? files.source.entry?.(repository, branch, path, count)
      : undefined;
    const entry = asked === undefined ? treeEntryOf({ type: 'commit_file', path }) : await asked;
    if (entry === null || !this.#isWanted(branch, entry)) return;
    yield await this.#page(branch, [entry], asked !== undefined);
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
    const { items: factory, files, repository, count } = this.#options;
    const made = await Promise.all(
      entries.map(async (entry) => {
        const { path, commit } = entry;
        const link = files.source.linkTo({ repository, branch, commit }, path);
        const found = { repository, branch, entry, link };
        return { path, file: await factory.make(found, isListed, count) };
      }),
    );
    for (const { path, file } of made) if (file.type === 'too large') this.#tooLarge.push(path);
    const items = made.flatMap(({ file }) => (file.type === 'item' ? [file] : []));
    return {
      items: items.map(({ item }) => item),
      problems: items.flatMap(({ problems }) => problems),
      weight: items.reduce((sum, { weight }) => sum + weight, 0),
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
