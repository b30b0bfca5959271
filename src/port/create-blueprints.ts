import { isRefusedByPort } from './refusal-scope.js';
import { z } from 'zod';
import { HttpError, isStopped } from '../http/http-error.js';
import { isJsonObject, type JsonObject } from '../model/json.js';
import { ProblemError } from '../problems/problem.js';
import { describeFailure, isIdentifierTaken, statusOf } from './describe-failure.js';
import type { PortClient, PortRequest } from './port-client.js';

/** A blueprint in the shape in which Port takes it. */
export type BlueprintDefinition = JsonObject & {
  readonly identifier: string;
  readonly title: string;
  readonly schema: JsonObject;
};

/** Members that may lead to other blueprints, so that these have to be there before. */
const relations = ['relations'];
/** Members that are computed along relations, so that these have to be there before. */
const computedProperties = ['mirrorProperties', 'calculationProperties', 'aggregationProperties'];
const laterMembers = new Set([...relations, ...computedProperties]);

/**
 * Creates blueprints that relate to one another: bare ones first, then their relations, then what
 * is computed along these; each of these steps for all at once. No catalog page is made. A blueprint
 * that Port has already is left as it is, at whatever moment it appeared; when something fails, those
 * just created are deleted again. Not to be given a client with a signal: a stop half-way would also
 * stop the way back.
 * @param existing what Port has
 * @returns identifiers of those created
 * @throws ProblemError defaults-refused
 */
export async function createBlueprints(
  client: PortClient,
  definitions: readonly BlueprintDefinition[],
  existing: ReadonlySet<string>,
): Promise<readonly string[]> {
  const missing = definitions.filter(({ identifier }) => !existing.has(identifier));
  const created: BlueprintDefinition[] = [];
  await forAll(client, missing, created, async (definition) => {
    if (await createBare(client, definition)) created.push(definition);
  });
  created.sort((one, other) => missing.indexOf(one) - missing.indexOf(other));
  for (const stage of [relations, computedProperties]) {
    await forAll(client, created, created, (definition) => addMembers(client, definition, stage));
  }
  return created.map(({ identifier }) => identifier);
}

/** False when somebody else created it in the meantime. */
async function createBare(client: PortClient, definition: BlueprintDefinition): Promise<boolean> {
  const bare = Object.entries(definition).filter(([member]) => !laterMembers.has(member));
  const call = blueprintCall('POST', ['blueprints'], definition.identifier);
  try {
    await client.json(
      {
        ...call,
        query: { create_catalog_page: false },
        // A second attempt would find the blueprint of the first and take it for somebody else's.
        repeatable: false,
        body: Object.fromEntries(bare),
      },
      z.unknown(),
    );
    return true;
  } catch (error) {
    if (isIdentifierTaken(error)) return false;
    throw error;
  }
}

async function addMembers(
  client: PortClient,
  definition: BlueprintDefinition,
  members: readonly string[],
): Promise<void> {
  const present = Object.entries(definition).filter(
    ([member, value]) =>
      members.includes(member) && isJsonObject(value) && Object.keys(value).length > 0,
  );
  if (present.length === 0) return;
  const call = blueprintCall('PATCH', ['blueprints', definition.identifier], definition.identifier);
  await client.json({ ...call, body: Object.fromEntries(present) }, z.unknown());
}

/** Does it for all, side by side. What fails for one is undone for all, once nothing is under way. */
async function forAll(
  client: PortClient,
  definitions: readonly BlueprintDefinition[],
  created: readonly BlueprintDefinition[],
  action: (definition: BlueprintDefinition) => Promise<void>,
): Promise<void> {
  const answers = await Promise.allSettled(definitions.map(action));
  const failed = answers.findIndex(({ status }) => status === 'rejected');
  const [answer, definition] = [answers[failed], definitions[failed]];
  if (answer?.status !== 'rejected' || definition === undefined) return;
  const error: unknown = answer.reason;
  const left = await deleteCreated(client, created);
  if (!(error instanceof HttpError) || isStopped(error)) throw error;
  const leftOver = left.length === 0 ? '' : `; could not be removed again: ${left.join(', ')}`;
  const reason = `${describeFailure(error)}${leftOver}`;
  const isForbidden = isRefusedByPort(error);
  throw ProblemError.of(
    { code: 'defaults-refused', blueprint: definition.identifier, reason, isForbidden },
    error,
  );
}

/**
 * Deletes as long as a round achieves anything: one that others relate to goes after these.
 * Answers the identifiers of those that are left.
 */
async function deleteCreated(
  client: PortClient,
  created: readonly BlueprintDefinition[],
): Promise<readonly string[]> {
  let left = created.map(({ identifier }) => identifier).reverse();
  for (let before = Infinity; left.length > 0 && left.length < before;) {
    before = left.length;
    const refused: string[] = [];
    for (const identifier of left) {
      if (!(await deleteBlueprint(client, identifier))) refused.push(identifier);
    }
    left = refused;
  }
  return left;
}

async function deleteBlueprint(client: PortClient, identifier: string): Promise<boolean> {
  try {
    const call = blueprintCall('DELETE', ['blueprints', identifier], identifier);
    await client.json(call, z.unknown());
    return true;
  } catch (error) {
    return error instanceof HttpError && statusOf(error) === 404;
  }
}

function blueprintCall(
  method: PortRequest['method'],
  path: readonly string[],
  identifier: string,
): PortRequest {
  return {
    method,
    path,
    subject: `blueprint ${identifier}`,
    caller: 'exporter',
    repeatable: true,
  };
}
