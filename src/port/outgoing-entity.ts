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

/** An entity in the text that is sent of it, so that it is written out once. */
export interface WrittenEntity {
  readonly entity: OutgoingEntity;
  readonly text: string;
  /** Of the text, in UTF-8. */
  readonly bytes: number;
}

/**
 * Writes an entity as the bulk route takes it. Null properties and relations are sent, which clears
 * them. The route takes no null elsewhere (contract: create-multiple-entities): a null team is sent as
 * no teams; a null title or icon cannot be told and is left out.
 */
export function writtenEntity(entity: OutgoingEntity): WrittenEntity {
  const { identifier, title, icon, team, properties, relations } = entity;
  const text = JSON.stringify({
    identifier,
    title: title ?? undefined,
    icon: icon ?? undefined,
    team: team === null ? [] : team,
    properties,
    relations,
  });
  return { entity, text, bytes: Buffer.byteLength(text) };
}

/** The body of a bulk upsert. */
export function bulkText(entities: readonly Pick<WrittenEntity, 'text'>[]): string {
  return `{"entities":[${entities.map(({ text }) => text).join(',')}]}`;
}

/** Bytes of the body of a bulk upsert. */
export function bulkBytes(entities: readonly Pick<WrittenEntity, 'bytes'>[]): number {
  const commas = Math.max(0, entities.length - 1);
  return entities.reduce((sum, { bytes }) => sum + bytes, emptyBulkBytes + commas);
}

const emptyBulkBytes = bulkText([]).length;
