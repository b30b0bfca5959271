import { z } from 'zod';
import { changelogTarget } from './changelog.js';
import { blueprintIdentifier, fieldKey, NAME_LENGTH } from './identifier.js';
import { anyJson, anyObject } from './json.js';
import { catalogQuery } from './search-query.js';

const DESCRIPTION_LENGTH = 200;
const PROPERTY_TYPES = ['string', 'number', 'boolean', 'object', 'array'] as const;
const PROPERTY_FORMATS = [
  'date-time',
  'url',
  'email',
  'idn-email',
  'ipv4',
  'ipv6',
  'markdown',
  'yaml',
  'user',
  'blueprints',
  'team',
  'timer',
  'proto',
  'labeled-url',
] as const;

const title = z.string().max(NAME_LENGTH);

const property = z.looseObject({
  title: title.optional(),
  description: z.string().optional(),
  icon: z.string().optional(),
  type: z.enum(PROPERTY_TYPES),
  format: z.enum(PROPERTY_FORMATS).optional(),
  spec: z.enum(['open-api', 'embedded-url', 'async-api']).optional(),
  enum: z.array(anyJson).optional(),
  default: anyJson.optional(),
  items: z
    .looseObject({
      type: z.enum(PROPERTY_TYPES).optional(),
      format: z.string().optional(),
      enum: z.array(anyJson).optional(),
    })
    .optional(),
});

const relation = z.strictObject({
  title: title.optional(),
  description: z.string().optional(),
  type: z.string().optional(),
  target: z.string(),
  required: z.boolean(),
  many: z.boolean(),
});

const mirror = z.strictObject({
  title: title.optional(),
  path: z.string().regex(/^(?:[A-Za-z0-9@_=\-$]+\.)+?(\w|\$|@|-)*?[^.]+$/),
});

const calculation = z.strictObject({
  title: title.optional(),
  description: z.string().optional(),
  icon: z.string().optional(),
  calculation: z.string(),
  type: z.enum(PROPERTY_TYPES),
  format: z.string().optional(),
  spec: z.string().optional(),
  specAuthentication: anyObject.optional(),
  items: anyObject.optional(),
  colorized: z.boolean().optional(),
  colors: anyObject.optional(),
});

const aggregation = z.strictObject({
  title,
  description: z.string().optional(),
  icon: z.string().optional(),
  type: z.literal('number').optional(),
  target: z.string(),
  calculationSpec: anyObject,
  query: catalogQuery.optional(),
  pathFilter: z.array(anyObject).max(1).optional(),
});

const ownership = z.union([
  z.strictObject({ type: z.literal('Inherited'), path: z.string(), title: title.optional() }),
  z.strictObject({ type: z.literal('Direct'), title: title.optional() }),
]);

const parts = {
  description: z.string().max(DESCRIPTION_LENGTH).optional(),
  icon: z.string().optional(),
  ownership: ownership.optional(),
  calculationProperties: z.record(fieldKey, calculation).optional(),
  mirrorProperties: z.record(fieldKey, mirror).optional(),
  aggregationProperties: z.record(fieldKey, aggregation).optional(),
  relations: z.record(fieldKey, relation).optional(),
  changelogDestination: changelogTarget.optional(),
};
const requiredTitle = title.min(1);
const schema = z.strictObject({
  properties: z.record(fieldKey, property),
  required: z.array(z.string()).optional(),
});

/** Body of `POST /v1/blueprints`. */
export const blueprintToCreate = z.looseObject({
  identifier: blueprintIdentifier,
  title: requiredTitle,
  schema,
  ...parts,
});

/** Body of a PUT: all of the blueprint. */
export const blueprintToReplace = blueprintToCreate.extend({
  identifier: blueprintIdentifier.optional(),
});

/** Body of a PATCH: the parts that change. */
export const blueprintToPatch = z.looseObject({
  identifier: blueprintIdentifier.optional(),
  title: requiredTitle.optional(),
  schema: schema.optional(),
  ...parts,
});

/** A blueprint without its audit fields. */
export type BlueprintInput = z.output<typeof blueprintToCreate>;
/** One property of a blueprint. */
export type PropertySchema = z.output<typeof property>;
/** One relation of a blueprint. */
export type RelationSchema = z.output<typeof relation>;
