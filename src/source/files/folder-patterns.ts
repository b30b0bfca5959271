import { z } from 'zod';
import { type FileRepository, isCalled, type TreeQuestion } from './file-source.js';
import { globMatcher, isGlob } from './globs.js';
import { cleanPath } from './paths.js';
import { foldersKey, namesFolder, type NamedRepository } from './selector-keys.js';

/** A branch of this name is the main one, whatever that is called. */
const mainBranchName = 'default';

const foldersSelector = z.object(foldersKey);

/** A pattern of folders, as far as it concerns one branch. */
export interface FolderPattern {
  /** As the mapping writes it. */
  readonly pattern: string;
  /** Without empty and `.` segments. */
  readonly path: string;
  readonly matches: (path: string) => boolean;
  /** The folders before the first wildcard. */
  readonly base: readonly string[];
  /** How many levels below the root it can reach. */
  readonly reach: number;
  /** Null: every repository, on its main branch. */
  readonly places: readonly { readonly name: string; readonly branch: string | null }[] | null;
}

/** One listing, and the patterns that it serves. */
export interface FolderWalk<Repository> {
  readonly question: TreeQuestion<Repository>;
  readonly patterns: readonly FolderPattern[];
}

/** The patterns of a valid selector, in order. */
export function folderPatterns(selector: unknown): readonly FolderPattern[] {
  const { folders } = foldersSelector.parse(selector);
  return folders
    .filter(({ path }) => namesFolder(path))
    .map(({ path, repos }) => {
      const clean = cleanPath(path) ?? '';
      const segments = clean.split('/');
      const firstGlob = segments.findIndex(isGlob);
      const isDeep = segments.some((segment) => segment.includes('**')) || /\{[^}]*\//.test(path);
      return {
        pattern: path,
        path: clean,
        matches: globMatcher(clean),
        base: segments.slice(0, firstGlob === -1 ? -1 : firstGlob),
        reach: isDeep ? Infinity : segments.length,
        places: placesOf(repos ?? []),
      };
    });
}

/** Without any, a pattern is about all. */
function placesOf(repos: readonly NamedRepository[]): FolderPattern['places'] {
  if (repos.length === 0) return null;
  return repos.map((one) =>
    typeof one === 'string'
      ? { name: one, branch: null }
      : { name: one.name, branch: one.branch ?? null },
  );
}

/** Whether any pattern is about the repository. */
export function concernsRepository(
  patterns: readonly FolderPattern[],
  repository: FileRepository,
): boolean {
  return patterns.some(
    ({ places }) => places === null || places.some(({ name }) => isCalled(repository, name)),
  );
}

/** The listings that a repository needs: one for each branch, of what its patterns have in common. */
export function folderWalks<Repository extends FileRepository>(
  patterns: readonly FolderPattern[],
  repository: Repository,
): readonly FolderWalk<Repository>[] {
  const byBranch = new Map<string, FolderPattern[]>();
  for (const pattern of patterns) {
    for (const branch of branchesOf(pattern, repository)) {
      byBranch.set(branch, [...(byBranch.get(branch) ?? []), pattern]);
    }
  }
  return [...byBranch].map(([branch, concerned]) => ({
    question: questionOf(repository, branch, concerned),
    patterns: concerned,
  }));
}

function branchesOf({ places }: FolderPattern, repository: FileRepository): ReadonlySet<string> {
  const own = places?.filter(({ name }) => isCalled(repository, name)) ?? [{ branch: null }];
  const branches = own.map(({ branch }) =>
    branch === null || branch === mainBranchName ? repository.mainBranch : branch,
  );
  return new Set(branches.filter((branch) => branch !== null));
}

function questionOf<Repository extends FileRepository>(
  repository: Repository,
  branch: string,
  patterns: readonly FolderPattern[],
): TreeQuestion<Repository> {
  const base = patterns.map((pattern) => pattern.base).reduce(commonStart);
  const reach = Math.max(...patterns.map((pattern) => pattern.reach));
  const paths = patterns.map(({ path }) => path);
  return {
    repository,
    branch,
    isBranchOptional: branch !== repository.mainBranch,
    directory: base.join('/'),
    depth: reach === Infinity ? 'all' : reach - base.length,
    type: 'commit_directory',
    paths: paths.some(isGlob) ? null : { type: 'is', paths },
  };
}

function commonStart(one: readonly string[], other: readonly string[]): readonly string[] {
  const end = one.findIndex((segment, index) => segment !== other[index]);
  return end === -1 ? one : one.slice(0, end);
}
