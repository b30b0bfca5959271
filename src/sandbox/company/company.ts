/** A person or a machine account. */
export interface User {
  readonly id: number;
  /** What one logs in with; upper case and dots are possible. */
  readonly name: string;
  /** What stands in URLs. */
  readonly slug: string;
  readonly displayName: string;
  /** Absent where the directory holds none. */
  readonly emailAddress?: string;
  /** False for somebody who left: no longer listed, still named by old pull requests. */
  readonly active: boolean;
  /** An access token or an app acts under this name: Bitbucket Cloud tells less of it than of a person. */
  readonly isApp?: boolean;
}

/** A group of people. */
export interface Group {
  readonly name: string;
  /** Names of users. */
  readonly members: readonly string[];
}

/** A group of repositories. */
export interface Project {
  readonly id: number;
  /** `PAY`, or `~MWEBER` for a personal one. */
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  readonly public: boolean;
  /** Name of the user whose personal project it is. */
  readonly owner?: string;
}

/** A commit on the default branch. */
export interface Commit {
  /** 40 hexadecimal digits. */
  readonly id: string;
  /** As git wrote it down: it need not be a user. */
  readonly author: { readonly name: string; readonly emailAddress: string };
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
  /** Ids of the parents. */
  readonly parents: readonly string[];
  /** Text of the files as of this commit, where it differs from what its branch holds now. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What git keeps at a path where there is no plain text file. */
export type SpecialFile =
  | { readonly type: 'binary'; readonly bytes: Uint8Array }
  | { readonly type: 'executable'; readonly text: string }
  /** `target` as the link spells it, relative to its own directory. */
  | { readonly type: 'symlink'; readonly target: string }
  | { readonly type: 'submodule'; readonly commit: string }
  /** Kept outside of git; `size` in bytes of the true file, `oid` its SHA-256. */
  | { readonly type: 'lfs'; readonly oid: string; readonly size: number };

/** A branch beside the default one. Its name may hold slashes. */
export interface Branch {
  /** Text of each file, by its path. */
  readonly files: Readonly<Record<string, string>>;
  readonly specialFiles?: Readonly<Record<string, SpecialFile>>;
  /** The newest one. */
  readonly commit: Commit;
}

/** A tag: a name for a commit, with a message and a date of its own where somebody annotated it. */
export interface Tag {
  readonly commit: Commit;
  /** Milliseconds since the epoch, and what was written about it; absent in a lightweight one. */
  readonly annotation?: { readonly at: number; readonly message: string };
}

/** A run of a build: of Bitbucket Pipelines, or of a build server that tells Data Center of it. */
export interface Pipeline {
  /** Counts from 1 in each repository. */
  readonly number: number;
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Its id. */
  readonly commit: string;
  /** Name of the user whose push began it. */
  readonly creator: string;
  readonly startedAt: number;
  /** Absent while it runs. */
  readonly finished?: {
    readonly at: number;
    readonly result: 'SUCCESSFUL' | 'FAILED' | 'STOPPED';
  };
  /** Name of the environment that it deploys to; without it, it deploys nothing. */
  readonly deploysTo?: string;
}

/** Where something is deployed to. Bitbucket Cloud alone tells it. */
export interface Environment {
  readonly name: string;
  readonly type: 'Test' | 'Staging' | 'Production';
}

/** What nobody may do to the branches of a pattern. */
export interface BranchRestriction {
  readonly id: number;
  readonly kind: 'push' | 'delete' | 'force';
  readonly pattern: string;
  /** Names of those who may all the same. */
  readonly exempt?: readonly string[];
}

/** A git repository. */
export interface Repository {
  readonly id: number;
  /** Key of its project. */
  readonly project: string;
  /** Unique within its project only. */
  readonly slug: string;
  readonly name: string;
  /** Where it was before: servers remember. */
  readonly formerly?: readonly { readonly project: string; readonly slug: string }[];
  readonly description?: string;
  readonly state: 'AVAILABLE' | 'INITIALISING' | 'INITIALISATION_FAILED';
  readonly archived: boolean;
  readonly public: boolean;
  readonly forkable: boolean;
  /** Id of the repository that it was forked from. */
  readonly forkOf?: number;
  /** Address of its site. Bitbucket Cloud alone tells it. */
  readonly website?: string;
  /** Answers lack all that they may lack, as those of real servers do for some repositories. */
  readonly isSparse?: boolean;
  /** Bitbucket Cloud gives an empty slug. */
  readonly hidesSlug?: boolean;
  /** Branch name without `refs/heads/`; null when nothing was ever pushed. */
  readonly defaultBranch: string | null;
  /** Text of each file on the default branch, by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** What else is on the default branch, by its path. */
  readonly specialFiles?: Readonly<Record<string, SpecialFile>>;
  /** Other branches, by name. */
  readonly branches?: Readonly<Record<string, Branch>>;
  /** By name. */
  readonly tags?: Readonly<Record<string, Tag>>;
  /** Oldest first. */
  readonly pipelines?: readonly Pipeline[];
  readonly environments?: readonly Environment[];
  readonly restrictions?: readonly BranchRestriction[];
  /** Names of users who are asked to review each pull request. */
  readonly defaultReviewers?: readonly string[];
  /** Newest first; none in an empty repository. */
  readonly commits: readonly Commit[];
}

/** Somebody's part in a pull request that is not theirs. */
export interface Review {
  /** Name of the user. */
  readonly user: string;
  readonly status: 'UNAPPROVED' | 'NEEDS_WORK' | 'APPROVED';
}

/** What somebody did with a pull request while it was open. */
export interface Happening {
  readonly what: 'comment' | 'approval' | 'changes' | 'push';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Name of the user. */
  readonly by: string;
}

/** One end of a pull request. */
export interface BranchTip {
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly commit: string;
}

/** A pull request into the repository on whose shelf it stands. All dates in milliseconds. */
export interface PullRequest {
  /** Counts from 1 in each repository. */
  readonly id: number;
  /** Goes up by one with every change. */
  readonly version: number;
  readonly title: string;
  readonly description?: string;
  readonly state: 'OPEN' | 'MERGED' | 'DECLINED';
  readonly draft: boolean;
  readonly createdDate: number;
  readonly updatedDate: number;
  /** Only on merged and declined ones. */
  readonly closedDate?: number;
  /** Name of the user. */
  readonly author: string;
  readonly reviewers: readonly Review[];
  readonly participants: readonly Review[];
  /** Oldest first. */
  readonly activity?: readonly Happening[];
  readonly from: BranchTip & {
    /** Id of the fork that it comes from; without it, the repository itself. */
    readonly repository?: number;
  };
  readonly to: BranchTip;
  /** Bitbucket Cloud does not say which repository it leads to. */
  readonly hidesDestination?: boolean;
  /** Only on merged ones. */
  readonly mergeCommit?: string;
  /** Declined because another one has the same change; Bitbucket Cloud has a state for it. */
  readonly superseded?: boolean;
  readonly commentCount: number;
}

/** What a Bitbucket holds. The lists change, their members are replaced and never altered. */
export interface Company {
  readonly users: User[];
  /** Data Center alone tells them. */
  readonly groups?: Group[];
  readonly projects: Project[];
  readonly repositories: Repository[];
  /** By the repository's id, which a rename leaves alone. */
  readonly pullRequests: Map<number, PullRequestShelf>;
}

/** A company without anything. */
export function emptyCompany(): Company {
  return { users: [], projects: [], repositories: [], pullRequests: new Map() };
}

/** Pull requests that are made when somebody looks, so that a large company costs no memory. */
interface GeneratedPullRequests {
  readonly count: number;
  /** The same answer each time; the one at position 0 has the id 1, and so on. */
  readonly make: (position: number) => PullRequest;
}

const nothing: GeneratedPullRequests = {
  count: 0,
  make: (position) => {
    throw new RangeError(`no pull request is generated at ${position}`);
  },
};

/** The pull requests of one repository by position, oldest (lowest id) first. */
export class PullRequestShelf {
  readonly #generated: GeneratedPullRequests;
  /** What changed among the generated ones, by position. */
  readonly #changed = new Map<number, PullRequest>();
  readonly #added: PullRequest[] = [];

  constructor(generated: GeneratedPullRequests = nothing) {
    this.#generated = generated;
  }

  get length(): number {
    return this.#generated.count + this.#added.length;
  }

  /** The pull request at a position from 0 on; undefined beyond the last. */
  at(position: number): PullRequest | undefined {
    if (position < 0) return undefined;
    if (position >= this.#generated.count) return this.#added[position - this.#generated.count];
    return this.#changed.get(position) ?? this.#generated.make(position);
  }

  find(id: number): PullRequest | undefined {
    if (this.#isGenerated(id)) return this.at(id - 1);
    return this.#added.find((candidate) => candidate.id === id);
  }

  /** @throws RangeError when the id is taken. */
  add(pullRequest: PullRequest): void {
    if (this.find(pullRequest.id) !== undefined) {
      throw new RangeError(`pull request ${pullRequest.id} is there already`);
    }
    this.#added.push(pullRequest);
    this.#added.sort((one, other) => one.id - other.id);
  }

  /**
   * Puts a newer state of a pull request in place of the one with the same id.
   * @throws RangeError when there is none.
   */
  replace(pullRequest: PullRequest): void {
    if (this.#isGenerated(pullRequest.id)) {
      this.#changed.set(pullRequest.id - 1, pullRequest);
      return;
    }
    const index = this.#added.findIndex((candidate) => candidate.id === pullRequest.id);
    if (index < 0) throw new RangeError(`there is no pull request ${pullRequest.id}`);
    this.#added[index] = pullRequest;
  }

  *[Symbol.iterator](): Generator<PullRequest> {
    for (let position = 0; position < this.length; position += 1) {
      const pullRequest = this.at(position);
      if (pullRequest !== undefined) yield pullRequest;
    }
  }

  #isGenerated(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#generated.count;
  }
}
