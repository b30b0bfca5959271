import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import { errorIn, httpError } from '../failure.js';
import { outcomeOf } from '../files/file-reads.js';
import {
  type FileOutcome,
  type RepositoryRevision,
  type FileSource,
  missingBranch,
  type Tree,
  type TreeEntry,
  treeEntryOf,
  type TreeQuestion,
  unnamedMain,
} from '../files/file-source.js';
import { within } from '../files/paths.js';
import type { Parameters } from '../kind.js';
import type { Count, Rest } from '../listing/rest.js';
import { encodedSegment } from '../segment.js';
import { describeFailure, endsReading, exceptionOf } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { pageBody, readListing, type ServerListing } from './paging.js';
import type { Routes } from './routes.js';

/** A branch that is not the main one, or a commit, is not there. */
const noSuchBranch = ['NoSuchCommitException', 'NoSuchBranchException', 'NoSuchObjectException'];

const branchBody = z.object({ displayId: z.string().min(1) });
const typeBody = z.object({ type: z.string() });

/** What is in one directory; of a file, its lines, which are none of it. */
export const childrenBody = z.union([
  z.object({ children: pageBody }).transform(({ children }) => children),
  z.object({ lines: z.unknown() }).transform(() => ({ values: [], isLastPage: true })),
]);

/** Paths of all files below a directory, which are plain texts. */
const pathsBody = pageBody.transform((page) => ({
  ...page,
  values: page.values.map((path) => (typeof path === 'string' ? { path } : path)),
}));

const child = z.object({
  path: z.object({ components: z.tuple([z.string().min(1)], z.string()) }),
  type: z.string(),
  size: z.number().nullish(),
});
const listedPath = z.object({ path: z.string().min(1) });

/**
 * Files of Bitbucket Data Center, read with `raw` and found with `files` or, right below one directory,
 * with `browse`. The main branch needs no name: it is what is asked about where no branch is named.
 */
export class ServerFiles implements FileSource<ListedRepository> {
  readonly describe = describeFailure;
  readonly endsReading = endsReading;
  readonly #rest: Rest;
  readonly #routes: Routes;
  readonly #names = new Map<string, Promise<string>>();
  /** Repositories without a main branch: whether they have none at all, so that they are empty. */
  readonly #empty = new Map<string, Promise<boolean>>();

  constructor(rest: Rest, routes: Routes) {
    this.#rest = rest;
    this.#routes = routes;
  }

  async nameOf(repository: ListedRepository, branch: string, count: Count): Promise<string> {
    if (branch !== unnamedMain) return branch;
    const { key } = repository.item;
    const name = this.#names.get(key) ?? this.#mainBranch(repository, count);
    this.#names.set(key, name);
    return await name;
  }

  async #mainBranch(repository: ListedRepository, count: Count): Promise<string> {
    const subject = `default branch of ${repository.name}`;
    const url = this.#routes.within(repository, ['default-branch']);
    const { body } = await this.#rest.json({ url, subject, count }, branchBody);
    if (body === null) throw new HttpError('malformed', subject, 'answered with nothing');
    return body.displayId;
  }

  list(question: TreeQuestion<ListedRepository>, count: Count): Tree {
    let pages = 0;
    let hasGaps = false;
    const onGap = (): void => {
      hasGaps = true;
    };
    const read = async function* read(this: ServerFiles): Tree['pages'] {
      try {
        for await (const page of this.#entries(question, onGap, count)) {
          pages += 1;
          yield page;
        }
      } catch (error) {
        const failure = httpError(error);
        if (pages > 0 || !(await this.#holdsNothing(failure, question, count))) throw failure;
      }
    };
    return { pages: read.call(this), pageCount: () => pages, hasGaps: () => hasGaps };
  }

  /** A directory by itself tells types and sizes; all that is below one is told by paths alone. */
  #entries(
    question: TreeQuestion<ListedRepository>,
    onGap: () => void,
    count: Count,
  ): Tree['pages'] {
    const { repository, branch, directory, depth, type } = question;
    const isFlat = depth === 1;
    const at = atOf(branch);
    const segments = [isFlat ? 'browse' : 'files', ...segmentsOf(directory)];
    const listing: ServerListing<TreeEntry> = {
      url: this.#routes.listingIn(repository, segments, at),
      subject: `${directory === '' ? 'root' : directory} of ${repository.name}`,
      itemOf: (value) => (isFlat ? childOf(value, directory) : fileOf(value, directory)),
      body: isFlat ? childrenBody : pathsBody,
      onGap,
    };
    const entries = readListing(this.#rest, listing, count);
    return isFlat
      ? ofType(entries, type)
      : withDepth(
          type === 'commit_file' ? entries : foldersOf(entries, directory),
          directory,
          depth,
        );
  }

  /** Whether the failure proves that there is nothing where it was looked for. */
  async #holdsNothing(
    failure: HttpError,
    { repository, branch, isBranchOptional, directory }: TreeQuestion<ListedRepository>,
    count: Count,
  ): Promise<boolean> {
    const missing = await this.#missing(failure, { repository, branch }, count);
    if (missing === 'all') return true;
    if (missing === 'branch') return isBranchOptional;
    if (directory === '') return false;
    if (missing === 'path') return true;
    // A file of that path has nothing below it.
    const isOther = failure.details.status === 400;
    return isOther && !(await this.#isDirectory({ repository, branch }, directory, count));
  }

  async #isDirectory({ repository, branch }: Place, path: string, count: Count): Promise<boolean> {
    const parameters = { ...atOf(branch), type: 'true' };
    const url = this.#routes.within(repository, ['browse', ...segmentsOf(path)], parameters);
    const subject = `type of ${path} of ${repository.name}`;
    const { body } = await this.#rest.json({ url, subject, count }, typeBody);
    return body?.type === 'DIRECTORY';
  }

  async read(
    { repository, branch }: RepositoryRevision<ListedRepository>,
    path: string,
    count: Count,
  ): Promise<FileOutcome> {
    if (await this.#empty.get(repository.item.key)) return { type: 'none', missing: 'path' };
    const url = this.#routes.within(repository, ['raw', ...segmentsOf(path)], atOf(branch));
    const subject = `${path} of ${repository.name}`;
    try {
      const { body, headers } = await this.#rest.text({ url, subject, count });
      // Files are sent as plain text, those of web pages, too: this is the sign-in page of a proxy.
      if (/^\s*text\/html\b/i.test(headers.get('content-type') ?? '')) {
        throw new HttpError('login-page', subject, 'answered with a web page instead of a file');
      }
      const words = errorIn(body, /\.json$/i.test(path));
      if (words !== null) {
        throw new HttpError('malformed', subject, `answered with an error in its place: ${words}`);
      }
      return outcomeOf(body);
    } catch (error) {
      const failure = httpError(error);
      const missing = await this.#missing(failure, { repository, branch }, count);
      if (missing === 'path' || missing === 'all') return { type: 'none', missing: 'path' };
      if (missing === 'branch') return { type: 'none', missing };
      throw failure;
    }
  }

  /**
   * What the server says that there is not: the path, the branch, or anything in the repository. Null:
   * it does not say that.
   * @throws HttpError
   */
  async #missing(
    failure: HttpError,
    { repository, branch }: Place,
    count: Count,
  ): Promise<'path' | 'branch' | 'all' | null> {
    if (failure.details.status !== 404) return null;
    const exception = exceptionOf(failure) ?? '';
    if (exception === 'NoSuchPathException') return 'path';
    if (exception === 'NoDefaultBranchException') {
      if (await this.#isEmpty(repository, count)) return 'all';
      throw missingBranch(repository, branch);
    }
    return branch !== unnamedMain && noSuchBranch.includes(exception) ? 'branch' : null;
  }

  /** A main branch that is not there is no proof that nothing was pushed. Asked once for each. */
  async #isEmpty(repository: ListedRepository, count: Count): Promise<boolean> {
    const { key } = repository.item;
    const known = this.#empty.get(key) ?? this.#hasNoBranch(repository, count);
    this.#empty.set(key, known);
    return await known;
  }

  async #hasNoBranch(repository: ListedRepository, count: Count): Promise<boolean> {
    const subject = `branches of ${repository.name}`;
    const url = this.#routes.listingIn(repository, ['branches'], {}, 1);
    const { body } = await this.#rest.json({ url, subject, count }, pageBody);
    return body?.values.length === 0 && body.isLastPage;
  }

  linkTo(place: RepositoryRevision<ListedRepository>, path: string, line?: number): string | null {
    const link = linkIn(place, path);
    return link === null || line === undefined ? link : `${link}#${line}`;
  }
}

/** Where a person sees what is at a path. */
export function linkIn(
  { repository, branch }: RepositoryRevision<ListedRepository>,
  path: string,
): string | null {
  const { link } = repository.item;
  if (link === null) return null;
  const url = `${link.replace(/\/browse\/?$/, '')}/browse/${path.split('/').map(encodedSegment).join('/')}`;
  return branch === unnamedMain ? url : `${url}?at=${encodeURIComponent(fullName(branch))}`;
}

type Place = Pick<RepositoryRevision<ListedRepository>, 'repository' | 'branch'>;

function atOf(branch: string): Parameters {
  return branch === unnamedMain ? {} : { at: fullName(branch) };
}

/** A tag may have the same short name. */
function fullName(branch: string): string {
  return `refs/heads/${branch}`;
}

function segmentsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/');
}

/** Something that stands in a directory; null for anything else. */
export function childOf(value: JsonObject, directory: string): TreeEntry | null {
  const known = child.safeParse(value).data;
  if (known === undefined) return null;
  // A directory that holds nothing but another one stands there with it: `src/main`.
  const path = within(directory, known.path.components[0]);
  const size = known.size ?? undefined;
  const isFile = known.type === 'FILE';
  // Whatever else there may be, such as another repository, is neither.
  const type =
    known.type === 'DIRECTORY' ? 'commit_directory' : isFile ? 'commit_file' : known.type;
  return treeEntryOf({ type, path, ...(isFile && size !== undefined ? { size } : {}) });
}

function fileOf(value: JsonObject, directory: string): TreeEntry | null {
  const known = listedPath.safeParse(value).data;
  return known === undefined
    ? null
    : treeEntryOf({ type: 'commit_file', path: within(directory, known.path) });
}

async function* ofType(
  pages: AsyncIterable<readonly TreeEntry[]>,
  type: TreeEntry['type'],
): Tree['pages'] {
  for await (const page of pages) yield page.filter((entry) => entry.type === type);
}

async function* withDepth(
  pages: AsyncIterable<readonly TreeEntry[]>,
  directory: string,
  depth: TreeQuestion<ListedRepository>['depth'],
): Tree['pages'] {
  const deepest = depth === 'all' ? Infinity : segmentsOf(directory).length + depth;
  for await (const page of pages) {
    yield page.filter(({ path }) => path.split('/').length <= deepest);
  }
}

/** The folders that files are in, each once: git knows no empty ones. */
async function* foldersOf(
  pages: AsyncIterable<readonly TreeEntry[]>,
  directory: string,
): Tree['pages'] {
  const seen = new Set<string>();
  const base = segmentsOf(directory).length;
  for await (const page of pages) {
    const found: TreeEntry[] = [];
    for (const { path } of page) {
      const segments = path.split('/');
      for (let length = base + 1; length < segments.length; length += 1) {
        const folder = segments.slice(0, length).join('/');
        if (seen.has(folder)) continue;
        seen.add(folder);
        const entry = treeEntryOf({ type: 'commit_directory', path: folder });
        if (entry !== null) found.push(entry);
      }
    }
    yield found;
  }
}
