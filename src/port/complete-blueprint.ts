import { z } from 'zod';
import type { Blueprint } from '../model/blueprint.js';
import type { JsonObject } from '../model/json.js';
import { jsonObject } from './answer-schema.js';
import { asCallProblem } from './describe-failure.js';
import type { PortClient } from './port-client.js';

/** What a blueprint is to be given besides what it has, as Port takes it. */
export interface BlueprintAddition {
  readonly blueprint: string;
  readonly properties: JsonObject;
  readonly relations: JsonObject;
}

/** `properties.state`, `relations.project`. */
export function addedFields({ properties, relations }: BlueprintAddition): readonly string[] {
  return [
    ...Object.keys(properties).map((name) => `properties.${name}`),
    ...Object.keys(relations).map((name) => `relations.${name}`),
  ];
}

const answerSchema = z.object({
  blueprint: z.object({
    createdBy: z.string(),
    updatedBy: z.string(),
    schema: jsonObject.and(z.object({ properties: jsonObject })),
    relations: jsonObject.default({}),
  }),
});

/** Whether nobody but the account of these credentials ever wrote the blueprint. */
export function isWrittenBy(clientId: string, { authors }: Pick<Blueprint, 'authors'>): boolean {
  return authors?.every((author) => author === clientId) === true;
}

/**
 * Adds parts to a blueprint that the account of the client made and that nobody else has changed, and
 * leaves all else of it as it is.
 * @returns false when somebody changed it in the meantime: it is left as it is
 * @throws ProblemError permission-refused, server-unavailable
 */
export async function completeBlueprint(
  client: PortClient,
  { blueprint: identifier, properties, relations }: BlueprintAddition,
): Promise<boolean> {
  const subject = `blueprint ${identifier}`;
  const call = {
    path: ['blueprints', identifier],
    subject,
    caller: 'exporter',
    repeatable: true,
  } as const;
  try {
    const { blueprint } = await client.body({ ...call, method: 'GET' }, answerSchema);
    const { createdBy, updatedBy, schema } = blueprint;
    if (!isWrittenBy(client.clientId, { authors: [createdBy, updatedBy] })) return false;
    // Port takes a member as a whole: what is there is repeated.
    const body = {
      schema: { ...schema, properties: { ...properties, ...schema.properties } },
      relations: { ...relations, ...blueprint.relations },
    };
    await client.json({ ...call, method: 'PATCH', body }, z.unknown());
    return true;
  } catch (error) {
    throw asCallProblem(error, subject);
  }
}
