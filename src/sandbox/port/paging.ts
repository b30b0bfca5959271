import type { JsonValue } from '../../model/json.js';
import type { Shelf } from './catalog.js';
import { decodeCursor, encodeCursor, listingKey } from './cursor.js';
import type { CatalogEntity } from './entity.js';
import { scan } from './scan.js';
import type { Matcher } from './search/matcher.js';

/** What a page is a page of. */
export interface Listing {
  readonly shelves: readonly Shelf[];
  readonly matches: Matcher;
  /** What was asked for, without the page's own place and size. */
  readonly asked: JsonValue;
}

/** One page. `next` is absent from the last one. */
export interface EntityPage {
  readonly entities: readonly CatalogEntity[];
  readonly next?: string;
}

/**
 * Reads the page that `from` leads to; the first one without it.
 * @throws ContractBreach for a `from` that is none of this listing
 */
export function pageOf(listing: Listing, limit: number, from: string | undefined): EntityPage {
  const key = listingKey(listing.asked);
  const start = from === undefined ? undefined : decodeCursor(from, key);
  const { entities, next } = scan(listing.shelves, start, limit, listing.matches);
  return next === undefined ? { entities } : { entities, next: encodeCursor(next, key) };
}
