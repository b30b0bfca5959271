import { bulkBytes } from './outgoing-entity.js';

/** What a bulk may hold. */
export interface BulkLimits {
  readonly maximumEntities: number;
  /** Of the whole body, in UTF-8. */
  readonly maximumBytes: number;
}

/** Port takes 20 entities a call, in a body of less than 1 MiB (API reference). */
export const portBulkLimits: BulkLimits = { maximumEntities: 20, maximumBytes: 1024 * 1024 - 1 };

/** What stands in a bulk, with the bytes that it takes there. */
interface Sized {
  readonly bytes: number;
}

/** Gathers entities into bulks as they come, in their order. */
export class BulkBuffer<Item extends Sized> {
  #gathered: Item[] = [];
  #bytes = bulkBytes([]);

  constructor(private readonly limits: BulkLimits = portBulkLimits) {}

  /**
   * Takes an entity. Answers a bulk when one is ready to go: with this entity when it filled it up,
   * without it when it did not fit any more. One that is too large for any bulk goes alone.
   */
  add(item: Item): readonly Item[] | null {
    const { maximumBytes, maximumEntities } = this.limits;
    const comma = this.#gathered.length === 0 ? 0 : 1;
    const overflown = this.#bytes + comma + item.bytes > maximumBytes ? this.flush() : null;
    this.#bytes += item.bytes + (this.#gathered.length === 0 ? 0 : 1);
    this.#gathered.push(item);
    if (overflown !== null) return overflown;
    return this.#gathered.length >= maximumEntities ? this.flush() : null;
  }

  /** What is gathered so far; null when that is nothing. */
  flush(): readonly Item[] | null {
    const bulk = this.#gathered;
    this.#gathered = [];
    this.#bytes = bulkBytes([]);
    return bulk.length === 0 ? null : bulk;
  }
}

/** Divides entities into bulks, in their order. */
export function bulksOf<Item extends Sized>(
  items: readonly Item[],
  limits: BulkLimits = portBulkLimits,
): readonly (readonly Item[])[] {
  const buffer = new BulkBuffer<Item>(limits);
  const bulks = items.map((item) => buffer.add(item));
  return [...bulks, buffer.flush()].filter((bulk) => bulk !== null);
}
