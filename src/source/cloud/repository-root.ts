import { ListingRoot } from '../reading/listing-root.js';
import type { ReadingRecord } from '../reading/reading-record.js';
import { repositoriesScope, type Root } from '../reading/root.js';
import type { ListedRepository } from './items.js';
import type { RepositoryFilter } from './repository-filter.js';
import type { RootListings } from './root-listings.js';

/** The repositories that a resource is about. */
export function repositoryRoot(
  listings: RootListings,
  filter: RepositoryFilter,
  record: ReadingRecord,
): Root<ListedRepository> {
  const scope = repositoriesScope;
  return new ListingRoot(
    { scope, listings, read: (from, count) => from.repositories(filter, count) },
    record,
  );
}
