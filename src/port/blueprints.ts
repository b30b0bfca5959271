import { z } from 'zod';
import type { Blueprint, BlueprintProperty } from '../model/blueprint.js';
import type { JsonObject } from '../model/json.js';
import { jsonObject, jsonValue } from './answer-schema.js';
import type { BlueprintAddition } from './complete-blueprint.js';
import { asCallProblem } from './describe-failure.js';
import type { PortClient } from './port-client.js';

const text = z.string().nullable().catch(null).default(null);
const definitions = jsonObject.nullish();

const propertySchema = z.object({
  type: text,
  format: text,
  items: z.object({ type: text, format: text }).optional().catch(undefined),
  default: jsonValue.optional(),
  enum: z.array(jsonValue).optional().catch(undefined),
});

const blueprintSchema = z.object({
  identifier: z.string().min(1),
  title: text,
  schema: z.object({
    properties: z.record(z.string(), propertySchema).default({}),
    required: z.array(z.string()).nullish(),
  }),
  relations: z
    .record(
      z.string(),
      z.object({
        target: z.string(),
        required: z.boolean().default(false),
        many: z.boolean().default(false),
      }),
    )
    .nullish(),
  mirrorProperties: definitions,
  calculationProperties: definitions,
  aggregationProperties: definitions,
  createdBy: text,
  updatedBy: text,
});

const answerSchema = z.object({
  blueprints: z.array(blueprintSchema.transform(blueprintOf)),
});

/**
 * All blueprints of the organization, by identifier, in one request.
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function readBlueprints(client: PortClient): Promise<ReadonlyMap<string, Blueprint>> {
  const subject = 'blueprints';
  try {
    const { blueprints } = await client.body(
      { method: 'GET', path: ['blueprints'], subject, caller: 'exporter', repeatable: true },
      answerSchema,
    );
    return new Map(blueprints.map((blueprint) => [blueprint.identifier, blueprint]));
  } catch (error) {
    throw asCallProblem(error, subject);
  }
}

/** A blueprint as Port would give it, once it was created from this definition. */
export function blueprintFrom(definition: JsonObject): Blueprint {
  return blueprintOf(blueprintSchema.parse(definition));
}

/** All blueprints as they are once one of them was given the addition. */
export function withAddition(
  blueprints: ReadonlyMap<string, Blueprint>,
  { blueprint: identifier, properties, relations }: BlueprintAddition,
): ReadonlyMap<string, Blueprint> {
  const blueprint = blueprints.get(identifier);
  if (blueprint === undefined) return blueprints;
  const added = blueprintFrom({ identifier, schema: { properties }, relations });
  const completed = {
    ...blueprint,
    properties: new Map([...added.properties, ...blueprint.properties]),
    relations: new Map([...added.relations, ...blueprint.relations]),
  };
  return new Map(blueprints).set(identifier, completed);
}

/**
 * Whether Port has the blueprint: tells what a 404 of a bulk call means.
 * @throws HttpError
 */
export async function blueprintExists(client: PortClient, blueprint: string): Promise<boolean> {
  const answer = await client.json(
    {
      method: 'GET',
      path: ['blueprints', blueprint],
      subject: `blueprint ${blueprint}`,
      caller: 'exporter',
      repeatable: true,
      accepted: [404],
    },
    z.unknown(),
  );
  return answer.status !== 404;
}

function propertyOf(answer: z.output<typeof propertySchema>): BlueprintProperty {
  const { type, format, items, default: value = null, enum: allowed } = answer;
  return {
    type,
    format,
    itemsType: items?.type ?? null,
    itemsFormat: items?.format ?? null,
    ...(value === null ? {} : { default: value }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function blueprintOf(answer: z.output<typeof blueprintSchema>): Blueprint {
  const { mirrorProperties, calculationProperties, aggregationProperties } = answer;
  const { createdBy, updatedBy } = answer;
  const computed = [mirrorProperties, calculationProperties, aggregationProperties];
  return {
    identifier: answer.identifier,
    title: answer.title,
    properties: new Map(
      Object.entries(answer.schema.properties).map(([name, property]) => [
        name,
        propertyOf(property),
      ]),
    ),
    requiredProperties: new Set(answer.schema.required ?? []),
    relations: new Map(Object.entries(answer.relations ?? {})),
    computedProperties: new Set(computed.flatMap((members) => Object.keys(members ?? {}))),
    ...(createdBy === null || updatedBy === null ? {} : { authors: [createdBy, updatedBy] }),
  };
}
