import { z } from 'zod';
import { HttpError } from '../../../http/http-error.js';
import type { JsonObject } from '../../../model/json.js';
import type { RawItem } from '../../../model/page.js';
import type { Count } from '../../server/rest.js';
import type { ListedRepository } from '../items.js';
import { jsonObject, readListing, type Pager } from '../paging.js';
import type { Routes } from '../routes.js';
import type { Revisions } from './revisions.js';

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

const notFound = 404;
/** Bitbucket gave up, perhaps for the depth. */
const timedOut = 555;

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

/** What was seen of one listing. */
interface Tally {
  pages: number;
  readonly commits: Set<string | null>;
}

/** Lists folders and files. */
export class Trees {
  readonly #pager: Pager;
  readonly #routes: Routes;
  readonly #revisions: Revisions;

  constructor(pager: Pager, routes: Routes, revisions: Revisions) {
    this.#pager = pager;
    this.#routes = routes;
    this.#revisions = revisions;
  }

  /** What a listing would say of one path; null when there is nothing. */
  async entry(
    repository: ListedRepository,
    branch: string,
    path: string,
    count: Count,
  ): Promise<TreeEntry | null> {
    const revision = await this.#revisions.of(repository, branch, count);
    if (revision === null) return null;
    const url = this.#routes.fileEntry(repository.slug, revision, path);
    const subject = `${path} of ${repository.name}`;
    const { rest } = this.#pager;
    const answer = await rest.json({ url, subject, count, accepted: [notFound] }, jsonObject);
    if (answer.status === notFound) return null;
    const found = answer.body === null ? null : treeEntryOf(answer.body);
    if (found === null) throw new HttpError('malformed', subject, 'answered with something else');
    return found;
  }

  list(question: TreeQuestion, count: Count): Tree {
    const tally: Tally = { pages: 0, commits: new Set() };
    return {
      pages: this.#list(question, tally, count),
      pageCount: () => {
        const isPinned = tally.commits.size <= 1 && !tally.commits.has(null);
        return isPinned ? Math.min(tally.pages, 1) : tally.pages;
      },
    };
  }

  async *#list(question: TreeQuestion, tally: Tally, count: Count): Tree['pages'] {
    const { repository, branch, isBranchOptional } = question;
    const revision = await this.#revisions.of(repository, branch, count);
    if (revision !== null) {
      yield* this.#walk(question, revision, tally, count);
    } else if (!isBranchOptional) {
      throw new HttpError('status', `branch ${branch} of ${repository.name}`, 'is not there');
    }
  }

  /** All levels at once or, where that takes Bitbucket too long, folder by folder. */
  async *#walk(
    question: TreeQuestion,
    revision: string,
    tally: Tally,
    count: Count,
  ): Tree['pages'] {
    const pagesBefore = tally.pages;
    try {
      yield* this.#read(question, revision, filterOf(question), tally, count);
      return;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const { status } = error.details;
      if (status === notFound && (question.directory !== '' || question.isBranchOptional)) return;
      const isTooDeep = status === timedOut && question.depth !== 1;
      if (!isTooDeep || tally.pages > pagesBefore) throw error;
    }
    const folders: string[] = [];
    const level = { ...question, depth: 1 };
    for await (const page of this.#read(level, revision, null, tally, count)) {
      folders.push(...page.filter(({ type }) => type === 'commit_directory').map(pathOf));
      yield page.filter(({ type }) => type === question.type);
    }
    const depth = question.depth === 'all' ? 'all' : question.depth - 1;
    for (const directory of folders) {
      yield* this.#walk({ ...question, directory, depth }, revision, tally, count);
    }
  }

  async *#read(
    { repository: { slug, name }, branch, directory, depth, type }: TreeQuestion,
    revision: string,
    filter: string | null,
    tally: Tally,
    count: Count,
  ): Tree['pages'] {
    const url = this.#routes.directory(slug, revision, directory, {
      max_depth: String(depth === 'all' ? deepest : depth),
      ...(filter === null ? {} : { q: filter }),
    });
    const listing = {
      url,
      size: 'general',
      subject: `${directory === '' ? 'root' : directory} of ${name} on ${branch}`,
      itemOf: treeEntryOf,
      final: depth === 1 ? [notFound] : [notFound, timedOut],
    } as const;
    for await (const page of readListing(this.#pager, listing, count)) {
      tally.pages += 1;
      for (const { commit } of page) tally.commits.add(commit);
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
