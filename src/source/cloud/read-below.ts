import { BelowRepositoryReading } from '../reading/below-repository.js';
import { ReadingRecord } from '../reading/reading-record.js';
import type { RepositoryListing } from '../reading/repository-listing.js';
import { keeping } from '../reading/root.js';
import type { Count } from '../listing/rest.js';
import type { Reading, ReadRequest } from '../source.js';
import { endsReading, toldReason } from './describe-failure.js';
import type { ListedRepository } from './items.js';
import { noNeed, type Need } from './limits/need.js';
import type { RequestPlan } from './limits/request-plan.js';
import { PlannedCourse } from './planned-course.js';
import { repositoryFilter } from './repository-filter.js';
import { repositoryRoot } from './repository-root.js';
import type { RootListings } from './root-listings.js';

/** What differs between the kinds below a repository. */
export interface BelowRepositoryKind {
  /** Whether the resource is about the repository. */
  readonly keeps: (repository: ListedRepository) => boolean;
  /** What reading a repository takes at least. */
  readonly needOf: (repository: ListedRepository) => Need;
  /** @param known keys of items that need not be read again */
  readonly list: (
    repository: ListedRepository,
    count: Count,
    known: ReadonlySet<string>,
  ) => RepositoryListing;
  /** In the user's words: `pull requests of acme/api`. */
  readonly subject: (repositoryName: string) => string;
}

/** What reading repositories takes. */
export interface BelowRepositoryTools {
  readonly listings: RootListings;
  readonly plan: RequestPlan;
  /** How many repositories are read at the same time. */
  readonly concurrency: number;
}

/** Reads what repositories hold, as far as the limits allow for. */
export function readBelow(
  { listings, plan, concurrency }: BelowRepositoryTools,
  { selector, resource }: ReadRequest,
  { keeps, needOf, list, subject }: BelowRepositoryKind,
): Reading {
  const record = new ReadingRecord(toldReason);
  const { count } = record;
  const filter = repositoryFilter(selector);
  const demand = {
    filter,
    count,
    needOf: (repository: ListedRepository) => (keeps(repository) ? needOf(repository) : noNeed),
  };
  return new BelowRepositoryReading({
    root: keeping(repositoryRoot(listings, filter, record), keeps),
    record,
    course: new PlannedCourse({ plan, demand, resource, record }),
    concurrency,
    list: (repository, known) => list(repository, count, known),
    subject,
    endsReading,
  });
}
