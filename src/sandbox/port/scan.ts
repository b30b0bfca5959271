import type { Shelf } from './catalog.js';
import type { CatalogEntity } from './entity.js';
import type { Matcher } from './search/matcher.js';

/** A place among all entities: it stays true while others are added and removed. */
export interface Position {
  readonly shelf: number;
  readonly row: number;
}

/** Some entities, and where the next one stands; undefined after the last. */
export interface Scanned {
  readonly entities: readonly CatalogEntity[];
  readonly next: Position | undefined;
}

/**
 * Reads on from a position until `limit` entities are found and it is known whether there is one
 * more. No row is read twice in a listing, however many pages it has.
 */
export function scan(
  shelves: readonly Shelf[],
  start: Position | undefined,
  limit: number,
  matches: Matcher,
): Scanned {
  const entities: CatalogEntity[] = [];
  for (const { number, rows } of shelves) {
    if (start !== undefined && number < start.shelf) continue;
    for (let row = start?.shelf === number ? start.row : 0; row < rows.length; row += 1) {
      const entity = rows[row];
      if (entity === undefined || !matches(entity)) continue;
      if (entities.length >= limit) return { entities, next: { shelf: number, row } };
      entities.push(entity);
    }
  }
  return { entities, next: undefined };
}
