import { bulkPayload, entityPayload, jsonBytes, type OutgoingEntity } from './outgoing-entity.js';

/** What a bulk may hold. */
export interface BulkLimits {
  readonly maximumEntities: number;
  /** Of the whole body, in UTF-8. */
  readonly maximumBytes: number;
}

/** Port takes 20 entities a call, in a body of less than 1 MiB (API reference). */
export const portBulkLimits: BulkLimits = { maximumEntities: 20, maximumBytes: 1024 * 1024 - 1 };

/** Gathers entities into bulks as they come, in their order. */
export interface BulkBuffer<Item extends OutgoingEntity> {
  /**
   * Takes an entity. Answers a bulk when one is ready to go: with this entity when it filled it up,
   * without it when it did not fit any more. One that is too large for any bulk goes alone.
   */
  add(entity: Item): readonly Item[] | null;
  /** What is gathered so far; null when that is nothing. */
  flush(): readonly Item[] | null;
}

const envelopeBytes = jsonBytes(bulkPayload([]));

/** An empty buffer. */
export function createBulkBuffer<Item extends OutgoingEntity>(
  limits: BulkLimits = portBulkLimits,
): BulkBuffer<Item> {
  let gathered: Item[] = [];
  let bytes = envelopeBytes;

  const flush = (): readonly Item[] | null => {
    const bulk = gathered;
    gathered = [];
    bytes = envelopeBytes;
    return bulk.length === 0 ? null : bulk;
  };
  return {
    add: (entity) => {
      const more = jsonBytes(entityPayload(entity));
      const comma = gathered.length === 0 ? 0 : 1;
      const overflown = bytes + comma + more > limits.maximumBytes ? flush() : null;
      bytes += more + (gathered.length === 0 ? 0 : 1);
      gathered.push(entity);
      if (overflown !== null) return overflown;
      return gathered.length >= limits.maximumEntities ? flush() : null;
    },
    flush,
  };
}

/** Divides entities into bulks, in their order. */
export function bulksOf<Item extends OutgoingEntity>(
  entities: readonly Item[],
  limits: BulkLimits = portBulkLimits,
): readonly (readonly Item[])[] {
  const buffer = createBulkBuffer<Item>(limits);
  const full = entities.flatMap((entity) => bulkOrNothing(buffer.add(entity)));
  return [...full, ...bulkOrNothing(buffer.flush())];
}

function bulkOrNothing<Item>(bulk: readonly Item[] | null): readonly (readonly Item[])[] {
  return bulk === null ? [] : [bulk];
}
