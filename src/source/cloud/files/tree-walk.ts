import { HttpError } from '../../../http/http-error.js';
import { httpError } from '../../failure.js';
import {
  type Depth,
  missingBranch,
  type PathHints,
  type Tree,
  type TreeEntry,
  treeEntryOf,
  type TreeQuestion,
} from '../../files/file-source.js';
import type { Count } from '../../listing/rest.js';
import type { ListedRepository } from '../items.js';
import { type Pager, readListing } from '../paging.js';
import type { Routes } from '../routes.js';
import { isNotFound, type MissingThings, type Revisions } from './revisions.js';

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
  readonly #question: TreeQuestion<ListedRepository>;
  readonly #count: Count;
  readonly #commits = new Set<string | null>();
  #pageCount = 0;

  /** Sends nothing yet. */
  constructor(tools: TreeTools, question: TreeQuestion<ListedRepository>, count: Count) {
    this.#tools = tools;
    this.#question = question;
    this.#count = count;
    this.pages = this.#list();
  }

  /** None can move where every entry names one and the same commit. */
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
    const { repository, branch, isBranchOptional } = this.#question;
    if (!isNotFound(failure) || (directory === '' && !isBranchOptional)) return false;
    const asked = { repository, branch, revision };
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

/** More of them make a query too long for a URL. */
const hintsInQuery = 20;

function filterOf({ type, paths }: TreeQuestion<ListedRepository>): string {
  const clauses = paths === null ? [] : clausesOf(paths);
  const isUsable = clauses.length > 0 && clauses.length <= hintsInQuery;
  return isUsable ? `type="${type}" AND (${clauses.join(' OR ')})` : `type="${type}"`;
}

function clausesOf(hints: PathHints): readonly string[] {
  return hints.type === 'holds'
    ? hints.texts.map((text) => `path~"${text}"`)
    : hints.paths.map((path) => `path="${path.replace(/["\\]/g, '\\$&')}"`);
}

function pathOf({ path }: TreeEntry): string {
  return path;
}
