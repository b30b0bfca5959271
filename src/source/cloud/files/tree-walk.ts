import type { Count } from '../../listing/rest.js';
import { httpError } from '../../failure.js';
import { HttpError } from '../../../http/http-error.js';
import type { ListedRepository } from '../items.js';
import { type Pager, readListing } from '../paging.js';
import type { Routes } from '../routes.js';
import { isNotFound, type MissingThings } from './missing.js';
import { missingBranch, type Revisions } from './revisions.js';
import { type TreeEntry, treeEntryOf } from './tree-entry.js';
import { jsonObject } from '../../listing/page.js';

/** Looks for files and folders. */
export class Trees {
  readonly #tools: TreeTools;

  constructor(tools: TreeTools) {
    this.#tools = tools;
  }

  /**
   * What a listing would say of one path; null when there is nothing.
   * @throws HttpError also when there is no such branch
   */
  async entry(
    repository: ListedRepository,
    branch: string,
    path: string,
    count: Count,
  ): Promise<TreeEntry | null> {
    const { pager, routes, revisions, missing } = this.#tools;
    const revision = await revisions.of(repository, branch, count);
    if (revision === null) throw missingBranch(repository, branch);
    const url = routes.fileEntry(repository.slug, revision, path);
    const subject = `${path} of ${repository.name}`;
    try {
      const { body } = await pager.rest.json({ url, subject, count }, jsonObject);
      const found = body === null ? null : treeEntryOf(body);
      if (found === null) throw new HttpError('malformed', subject, 'answered with something else');
      return found;
    } catch (error) {
      const failure = httpError(error);
      if (!isNotFound(failure)) throw failure;
      const what = await missing.of(failure, { repository, revision }, count);
      if (what !== 'path') throw failure;
      return null;
    }
  }

  list(question: TreeQuestion, count: Count): Tree {
    return new TreeWalk(this.#tools, question, count);
  }
}

/** Levels of folders below a directory; 1 is what is in it. */
export type Depth = number | 'all';

/** What is looked for, and where. */
export interface TreeQuestion {
  readonly repository: ListedRepository;
  readonly branch: string;
  /** Whether it is no failure that there is no such branch. */
  readonly isBranchOptional: boolean;
  /** Empty: the root. One that does not exist holds nothing. */
  readonly directory: string;
  readonly depth: Depth;
  readonly type: 'commit_file' | 'commit_directory';
  /** Narrows what is listed, in Bitbucket's query language. May let too much through. */
  readonly paths: string | null;
}

/** A listing of a tree. */
export interface Tree {
  readonly pages: AsyncIterable<readonly TreeEntry[], void, undefined>;
  /**
   * After `pages` ended: in how many pages rows could move. None can where every entry names one and
   * the same commit.
   */
  readonly pageCount: () => number;
}

/** Deeper than any tree; Bitbucket takes it (port-labs/ocean lists with it). */
const deepest = 10_000;

/** Bitbucket gave up, perhaps for the depth. */
const timedOut = 555;

/** What looking into trees takes. */
export interface TreeTools {
  readonly pager: Pager;
  readonly routes: Routes;
  readonly revisions: Revisions;
  readonly missing: MissingThings;
}

type Pages = AsyncGenerator<readonly TreeEntry[], void, undefined>;

/** One listing of a tree: all levels at once or, where that takes Bitbucket too long, folder by folder. */
export class TreeWalk implements Tree {
  readonly pages: Pages;
  readonly #tools: TreeTools;
  readonly #question: TreeQuestion;
  readonly #count: Count;
  readonly #commits = new Set<string | null>();
  #pageCount = 0;

  /** Sends nothing yet. */
  constructor(tools: TreeTools, question: TreeQuestion, count: Count) {
    this.#tools = tools;
    this.#question = question;
    this.#count = count;
    this.pages = this.#list();
  }

  pageCount(): number {
    const isPinned = this.#commits.size <= 1 && !this.#commits.has(null);
    return isPinned ? Math.min(this.#pageCount, 1) : this.#pageCount;
  }

  async *#list(): Pages {
    const { repository, branch, isBranchOptional, directory, depth } = this.#question;
    const revision = await this.#tools.revisions.of(repository, branch, this.#count);
    if (revision !== null) {
      yield* this.#walk(revision, directory, depth);
    } else if (!isBranchOptional) {
      throw missingBranch(repository, branch);
    }
  }

  async *#walk(revision: string, directory: string, depth: Depth): Pages {
    const pagesBefore = this.#pageCount;
    try {
      yield* this.#read(revision, directory, depth, filterOf(this.#question));
      return;
    } catch (error) {
      const failure = httpError(error);
      if (this.#pageCount > pagesBefore) throw failure;
      if (await this.#holdsNothing(failure, revision, directory)) return;
      if (failure.details.status !== timedOut || depth === 1) throw failure;
    }
    const folders: string[] = [];
    for await (const page of this.#read(revision, directory, 1, null)) {
      folders.push(...page.filter(({ type }) => type === 'commit_directory').map(pathOf));
      yield page.filter(({ type }) => type === this.#question.type);
    }
    const below = depth === 'all' ? 'all' : depth - 1;
    for (const folder of folders) yield* this.#walk(revision, folder, below);
  }

  /** Whether the failure proves that there is nothing where it was looked for. */
  async #holdsNothing(failure: HttpError, revision: string, directory: string): Promise<boolean> {
    const { repository, isBranchOptional } = this.#question;
    if (!isNotFound(failure) || (directory === '' && !isBranchOptional)) return false;
    const asked = { repository, revision };
    const missing = await this.#tools.missing.of(failure, asked, this.#count);
    return missing === 'path' || (missing === 'branch' && isBranchOptional);
  }

  /** @param filter in Bitbucket's query language; null: everything */
  async *#read(revision: string, directory: string, depth: Depth, filter: string | null): Pages {
    const { pager, routes } = this.#tools;
    const { repository, branch, type } = this.#question;
    const url = routes.directory(repository.slug, revision, directory, {
      max_depth: String(depth === 'all' ? deepest : depth),
      ...(filter === null ? {} : { q: filter }),
    });
    const listing = {
      url,
      size: 'general',
      subject: `${directory === '' ? 'root' : directory} of ${repository.name} on ${branch}`,
      itemOf: treeEntryOf,
      final: depth === 1 ? [] : [timedOut],
    } as const;
    for await (const page of readListing(pager, listing, this.#count)) {
      this.#pageCount += 1;
      for (const { commit } of page) this.#commits.add(commit);
      yield filter === null ? page : page.filter((found) => found.type === type);
    }
  }
}

function filterOf({ type, paths }: TreeQuestion): string {
  return paths === null ? `type="${type}"` : `type="${type}" AND (${paths})`;
}

function pathOf({ path }: TreeEntry): string {
  return path;
}
