import type { Count } from '../../listing/rest.js';
import type { ListedRepository } from '../items.js';
import type { RepositoryFilter } from '../repository-filter.js';
import { httpError } from '../../failure.js';
import type { SharedPages } from '../../listing/shared-listing.js';
import type { RootListings } from '../root-listings.js';
import type { WholeNeed } from './choose-repositories.js';

/** What one repository takes at least. */
export interface Need {
  /** Requests other than reads of files. */
  readonly api: number;
  /** Files that are read, by their paths from the repository's root, on its main branch. */
  readonly files: readonly string[];
}

export const noNeed: Need = { api: 0, files: [] };

/** What one reading will ask for. */
export interface Demand {
  readonly filter: RepositoryFilter;
  readonly needOf: (repository: ListedRepository) => Need;
  /** Counts requests of the listing of repositories, if this reading is the first that wants it. */
  readonly count: Count;
}

/** What all readings of a run need together. */
interface WholeNeeds {
  /** By the keys of repositories, in the order in which they were listed. */
  readonly needs: ReadonlyMap<string, WholeNeed>;
  /** Pages of the listings of repositories. */
  readonly pages: number;
  /** Whether each of them came to its end. */
  readonly isWhole: boolean;
}

/**
 * Reads the repositories of all readings, and adds up what they need. What a listing that breaks off
 * gave until then counts, too: whoever reads it tells that it broke off.
 */
export async function wholeNeeds(
  demands: Iterable<Demand>,
  listings: RootListings,
): Promise<WholeNeeds> {
  const wanted = new Map<string, { api: number; files: Set<string> }>();
  const seen = new Set<SharedPages<ListedRepository>>();
  let pages = 0;
  let isWhole = true;
  for (const { filter, count, needOf } of demands) {
    const listing = listings.repositories(filter, count);
    const isNew = !seen.has(listing);
    seen.add(listing);
    try {
      for await (const page of listing) {
        if (isNew) pages += 1;
        for (const repository of page) {
          const { api, files } = needOf(repository);
          const sum = wanted.get(repository.item.key) ?? { api: 0, files: new Set() };
          sum.api += api;
          for (const path of files) sum.files.add(path);
          wanted.set(repository.item.key, sum);
        }
      }
    } catch (error) {
      httpError(error);
      isWhole = false;
    }
  }
  const needs = [...wanted].map(([key, { api, files }]) => {
    return [key, { api, files: files.size }] as const;
  });
  return { needs: new Map(needs), pages, isWhole };
}
