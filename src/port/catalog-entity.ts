import { z } from 'zod';
import type { MappedFields } from '../model/entity.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { jsonObject, jsonValue } from './answer-schema.js';

/** An entity as Port holds it, with the fields that were asked for and no others. */
export interface CatalogEntity {
  readonly identifier: string;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly team?: JsonValue;
  /** Milliseconds since the epoch; null when Port does not tell. */
  readonly updatedAt: number | null;
  /** As `updatedAt`. */
  readonly createdAt: number | null;
  readonly createdBy?: string;
  readonly updatedBy?: string;
  readonly properties: JsonObject;
  readonly relations: JsonObject;
}

const answerSchema = z.object({
  identifier: z.string().min(1),
  title: z.string().nullish(),
  icon: z.string().nullish(),
  team: jsonValue.nullish(),
  updatedAt: z.string().nullish(),
  createdAt: z.string().nullish(),
  createdBy: z.string().nullish(),
  updatedBy: z.string().nullish(),
  properties: jsonObject.nullish(),
  relations: jsonObject.nullish(),
});

/** An entity in an answer of a search. */
export const catalogEntity = answerSchema.transform(
  ({ identifier, title, icon, team, properties, relations, ...audit }) => {
    const { updatedAt, createdAt, createdBy, updatedBy } = audit;
    const entity: CatalogEntity = {
      identifier,
      ...(title === undefined ? {} : { title }),
      ...(icon === undefined ? {} : { icon }),
      ...(team === undefined ? {} : { team }),
      updatedAt: epochMilliseconds(updatedAt),
      createdAt: epochMilliseconds(createdAt),
      ...(typeof createdBy === 'string' ? { createdBy } : {}),
      ...(typeof updatedBy === 'string' ? { updatedBy } : {}),
      properties: properties ?? {},
      relations: relations ?? {},
    };
    return entity;
  },
);

/**
 * What a blueprint search is told to include, so that it answers nothing that is not looked at.
 * Meta-properties carry a `$` there; relations and properties stand side by side.
 */
export function includedFields(
  fields: MappedFields,
  authors: 'with-authors' | 'without-authors',
): readonly string[] {
  const included = [
    '$identifier',
    '$updatedAt',
    '$createdAt',
    ...(authors === 'with-authors' ? ['$createdBy', '$updatedBy'] : []),
    ...(fields.title ? ['$title'] : []),
    ...(fields.icon ? ['$icon'] : []),
    ...(fields.team ? ['$team'] : []),
    ...fields.properties,
    ...fields.relations,
  ];
  return [...new Set(included)];
}

function epochMilliseconds(time: string | null | undefined): number | null {
  const milliseconds = Date.parse(time ?? '');
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

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
