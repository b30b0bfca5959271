import { z } from 'zod';
import { HttpError } from '../../http/http-error.js';
import type { JsonObject } from '../../model/json.js';
import type { RawItem } from '../../model/page.js';
import type { NamedRepository } from '../listing/page.js';
import type { Count } from '../listing/rest.js';

/** Stands for the main branch where nothing told its name: git has no branch without one. */
export const unnamedMain = '';

/** A repository whose files are read. */
export interface FileRepository extends NamedRepository {
  readonly slug: string;
  /** What people call it, which need not resemble the slug. */
  readonly displayName: string;
  /** Null in a repository that nothing was pushed to yet. */
  readonly mainBranch: string | null;
}

/** Where in a repository files are read. */
export interface RepositoryRevision<Repository> {
  readonly repository: Repository;
  readonly branch: string;
  /** The commit of the branch that a listing named; null: none did. */
  readonly commit: string | null;
}

/** Levels of folders below a directory; 1 is what is in it. */
export type Depth = number | 'all';

/** What is looked for, and where. */
export interface TreeQuestion<Repository> {
  readonly repository: Repository;
  readonly branch: string;
  /** Whether it is no failure that there is no such branch. */
  readonly isBranchOptional: boolean;
  /** Empty: the root. One that does not exist holds nothing. */
  readonly directory: string;
  readonly depth: Depth;
  readonly type: 'commit_file' | 'commit_directory';
  /** What may narrow the listing, which may let more through. Null: nothing. */
  readonly paths: PathHints | null;
}

/** What paths hold, or are. */
export type PathHints =
  | { readonly type: 'holds'; readonly texts: readonly string[] }
  | { readonly type: 'is'; readonly paths: readonly string[] };

/** A listing of a tree. */
export interface Tree {
  readonly pages: AsyncIterable<readonly TreeEntry[], void, undefined>;
  /** After `pages` ended: in how many pages rows could move. */
  readonly pageCount: () => number;
  /** After `pages` ended: whether there may be rows that the pages left out. */
  readonly hasGaps?: () => boolean;
}

/** A file or folder of a branch. */
export interface TreeEntry {
  /** Keyed by its path; the value is what mappings see of it. */
  readonly item: RawItem;
  readonly type: string;
  readonly path: string;
  readonly commit: string | null;
  /** In bytes; null for folders, and where the listing does not tell. */
  readonly size: number | null;
  /** `link`, `subrepository`, `executable`, `binary`, `lfs`. */
  readonly attributes: readonly string[];
}

/** What became of reading a file. */
export type FileOutcome =
  | { readonly type: 'text'; readonly text: string }
  /** There is no such file; `branch`: as there is no such branch. */
  | { readonly type: 'none'; readonly missing: 'path' | 'branch' }
  | {
      readonly type: 'unread';
      readonly reason: string;
      /** Null: the file is there, and cannot be used. Otherwise nobody knows whether it is there. */
      readonly failure: HttpError | null;
    };

/** What a Bitbucket answers about files. */
export interface FileSource<Repository extends FileRepository> {
  /**
   * What a branch is called.
   * @throws HttpError
   */
  nameOf(repository: Repository, branch: string, count: Count): Promise<string>;
  /** Sends nothing before its pages are taken. */
  list(question: TreeQuestion<Repository>, count: Count): Tree;
  /**
   * What a listing would say of one path; null when there is nothing. Absent where that is no more
   * than the path.
   * @throws HttpError also when there is no such branch
   */
  entry?(
    repository: Repository,
    branch: string,
    path: string,
    count: Count,
  ): Promise<TreeEntry | null>;
  /**
   * The file at a clean path from the repository's root.
   * @throws HttpError
   */
  read(place: RepositoryRevision<Repository>, path: string, count: Count): Promise<FileOutcome>;
  /** Where a person sees what is at a path, or a line of it; null when Bitbucket does not tell. */
  linkTo(place: RepositoryRevision<Repository>, path: string, line?: number): string | null;
  /** Why a call failed, for a person. */
  describe(failure: HttpError): string;
  /** Whether nothing more can be read in this run after such a failure. */
  endsReading(failure: HttpError): boolean;
}

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

/** The failure of asking for a branch that has to be there. */
export function missingBranch({ name }: FileRepository, branch: string): HttpError {
  const subject = branch === unnamedMain ? `main branch of ${name}` : `branch ${branch} of ${name}`;
  return new HttpError('status', subject, 'is not there');
}

/**
 * Whether a mapping means the repository: by its slug, alone or with what it is in before it, its name,
 * or its name with hyphens for spaces, whatever the case, as in today's integration.
 */
export function isCalled({ slug, name, displayName }: FileRepository, wanted: string): boolean {
  const called = [slug, name, displayName, displayName.replaceAll(' ', '-')];
  return called.some((each) => each.toLowerCase() === wanted.toLowerCase());
}
