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
