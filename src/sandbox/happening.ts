import type { Project, PullRequest, Repository } from './company/company.js';

/**
 * Something that a Bitbucket tells its webhooks. The company is as it is afterwards; what is gone from
 * it is told as it was.
 */
export type Happening = {
  /** Name of the user who did it. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
} & (
  | {
      readonly type: 'pull-request';
      /** `pushed`: its source branch got other commits. Only Data Center deletes any. */
      readonly change:
        'opened' | 'modified' | 'pushed' | 'approved' | 'merged' | 'declined' | 'deleted';
      readonly repository: Repository;
      readonly pullRequest: PullRequest;
    }
  | {
      readonly type: 'push';
      readonly repository: Repository;
      readonly branch: string;
      /** Commits before and after; null: the branch was not there, or is not any more. */
      readonly from: string | null;
      readonly to: string | null;
    }
  | {
      readonly type: 'repository';
      readonly repository: Repository;
      /** What it was; null: it was created, which Cloud alone tells. */
      readonly before: Repository | null;
    }
  | { readonly type: 'project'; readonly project: Project; readonly before: Project }
);
