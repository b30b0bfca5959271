import type { JsonObject, JsonValue } from '../model/json.js';

/** An entity on its way to Port; its blueprint is a part of the call. */
export interface OutgoingEntity {
  /** A search query stands for the entity that it finds. */
  readonly identifier: string | JsonObject;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly team?: JsonValue;
  readonly properties: JsonObject;
  readonly relations: JsonObject;
}

/**
 * An entity as the bulk route takes it. Null properties and relations are sent, which clears them.
 * The route takes no null elsewhere (contract: create-multiple-entities): a null team is sent as no
 * teams; a null title or icon cannot be told and is left out.
 */
export function entityPayload(entity: OutgoingEntity): JsonObject {
  const { identifier, title, icon, team, properties, relations } = entity;
  return {
    identifier,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof icon === 'string' ? { icon } : {}),
    ...(team === undefined ? {} : { team: team ?? [] }),
    properties,
    relations,
  };
}

/** The body of a bulk upsert. */
export function bulkPayload(entities: readonly OutgoingEntity[]): JsonObject {
  return { entities: entities.map((entity) => entityPayload(entity)) };
}

/** Bytes of a value's JSON, as it goes over the wire. */
export function jsonBytes(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}
