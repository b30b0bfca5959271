import { defaultReserve } from '../../src/source/cloud/limits/budget.js';
import { table } from './markdown.js';

/** Requests below `/2.0/repositories` that Bitbucket Cloud allows a user or token in an hour. */
export const HOURLY_LIMIT = 1_000;
/** Reads of files, which are counted apart. */
export const HOURLY_FILE_LIMIT = 5_000;

const REPOSITORIES_ON_A_PAGE = 100;

/** A workspace, as far as the number of requests depends on it. */
export interface Workspace {
  readonly repositories: number;
  readonly tokens: number;
  /** Repositories without `.bitbucket/CODEOWNERS`: a second place is looked at. */
  readonly ownersElsewhere: number;
  /** Hourly limit of a token. */
  readonly limit: number;
}

/**
 * Requests of a run with the default mapping, where no repository has more than 50 open pull requests,
 * the reads of files left out: the probe of each token, the projects, the repositories, and the pull
 * requests of each repository.
 */
export function requestsOf({ repositories, tokens }: Pick<Workspace, 'repositories' | 'tokens'>) {
  return tokens + 1 + Math.ceil(repositories / REPOSITORIES_ON_A_PAGE) + repositories;
}

/**
 * Reads of files: `README.md` and `.bitbucket/CODEOWNERS` of each repository, and `CODEOWNERS` of those that
 * do not have the latter.
 */
export function fileReadsOf({
  repositories,
  ownersElsewhere,
}: Pick<Workspace, 'repositories' | 'ownersElsewhere'>): number {
  return 2 * repositories + ownersElsewhere;
}

/** Whole hours that the run waits for room. */
export function hoursOf(workspace: Workspace): number {
  const share = (limit: number): number =>
    Math.floor(limit * (1 - defaultReserve)) * workspace.tokens;
  const hours = (requests: number, limit: number): number =>
    Math.max(0, Math.ceil(requests / share(limit)) - 1);
  return Math.max(
    hours(requestsOf(workspace), workspace.limit),
    hours(fileReadsOf(workspace), HOURLY_FILE_LIMIT),
  );
}

const SIZES = [100, 300, 800, 1_500, 3_000, 10_000];
const TOKENS = [1, 2, 4];

const words = new Intl.NumberFormat('en-US');

/** How long workspaces of several sizes take. */
export function sizingTable(): string {
  const rows = SIZES.map((repositories) => {
    const ownersElsewhere = repositories;
    return [
      words.format(repositories),
      words.format(requestsOf({ repositories, tokens: 1 })),
      words.format(fileReadsOf({ repositories, ownersElsewhere })),
      ...TOKENS.map((tokens) => {
        const hours = hoursOf({ repositories, ownersElsewhere, tokens, limit: HOURLY_LIMIT });
        return hours === 0 ? 'no wait' : `${hours} h`;
      }),
    ];
  });
  const head = ['repositories', 'requests', 'reads of files'];
  return table(
    [...head, ...TOKENS.map((count) => (count === 1 ? '1 token' : `${count} tokens`))],
    rows,
  );
}
