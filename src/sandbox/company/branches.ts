import type { Commit, Repository } from './company.js';
import { treeOf, type Tree } from './tree.js';

/** A branch and what it holds. */
export interface NamedBranch {
  readonly name: string;
  readonly commit: Commit;
  readonly tree: Tree;
}

/** What a word in a path stands for. */
export interface Revision {
  readonly commit: Commit;
  readonly tree: Tree;
}

/** All branches by name; none in an empty repository. */
export function branchesOf(repository: Repository): readonly NamedBranch[] {
  const { defaultBranch, commits, branches = {} } = repository;
  const [tip] = commits;
  const main =
    defaultBranch === null || tip === undefined
      ? []
      : [{ name: defaultBranch, ...revisionAt(repository, tip) }];
  const others = Object.entries(branches).map(([name, { commit, files, specialFiles }]) => ({
    name,
    commit,
    tree: treeOf(files, specialFiles),
  }));
  return [...main, ...others].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Every commit that a branch shows, newest first. */
export function commitsOf(repository: Repository): readonly Commit[] {
  const tips = Object.values(repository.branches ?? {}).map(({ commit }) => commit);
  const all = new Map([...repository.commits, ...tips].map((commit) => [commit.id, commit]));
  return [...all.values()].sort((one, other) => other.at - one.at);
}

/** Unless a commit says what it held, it shows what its branch holds now. */
export function revisionAt({ files, specialFiles }: Repository, commit: Commit): Revision {
  const tree = commit.files === undefined ? treeOf(files, specialFiles) : treeOf(commit.files);
  return { commit, tree };
}
