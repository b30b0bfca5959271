import { OPT_IN } from '../defaults/opt-in.js';
import type { Mapping } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import { isJsonObject, type JsonObject } from '../model/json.js';
import { addedFields, isWrittenBy, type BlueprintAddition } from '../port/complete-blueprint.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { CreatedBlueprints, PortWriter } from './entity-writer.js';
import { bestEffort } from './integration-record.js';
import { knownFields } from './outgoing.js';

/** What is built in, and how far this run may bring it to Port. */
export interface BuiltInBlueprints {
  readonly definitions: readonly BlueprintDefinition[];
  /** Whether those that the mapping names are created: in the first run of an integration. */
  readonly isFirstRun: boolean;
  /** Whose blueprints are our own work; see `PortClient`. */
  readonly clientId: string;
}

/** The blueprints that the mapping names, and whether the default ones are in place now. */
export interface PreparedBlueprints extends CreatedBlueprints {
  /** False when creating them failed: the next run tries again. */
  readonly areInitialized: boolean;
}

/** What Port is to get before entities are loaded. */
export interface LackingBlueprints {
  readonly missing: readonly BlueprintDefinition[];
  readonly additions: readonly BlueprintAddition[];
}

/**
 * Creates built-in blueprints that Port lacks, and gives those that we created what they lack. What a
 * person made or changed is never touched.
 */
export async function prepareBlueprints(
  writer: PortWriter,
  mapping: Mapping,
  existing: ReadonlyMap<string, Blueprint>,
  builtIn: BuiltInBlueprints,
  report: (problem: Problem) => void,
): Promise<PreparedBlueprints> {
  const { missing, additions } = lackingBlueprints(mapping, existing, builtIn);
  let ready: CreatedBlueprints = { blueprints: existing, created: [] };
  try {
    if (missing.length > 0) ready = await writer.createBlueprints(missing, existing);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(report);
    return { ...ready, areInitialized: false };
  }
  let { blueprints } = ready;
  for (const addition of additions) {
    const subject = `adding ${addedFields(addition).join(', ')} to blueprint ${addition.blueprint}`;
    // Where it fails, what is lacking is told as it is of any other blueprint.
    await bestEffort(subject, report, async () => {
      blueprints = await writer.addToBlueprint(addition, blueprints);
    });
  }
  return { ...ready, blueprints, areInitialized: true };
}

/**
 * The built-in blueprints, and those of kinds that are not read by default. Where both have one of a name,
 * a mapping that fills more than the usual one holds gets the other.
 */
export function definitionsFor(
  { resources }: Mapping,
  usual: readonly BlueprintDefinition[],
  type: keyof typeof OPT_IN,
): readonly BlueprintDefinition[] {
  const definitions = new Map(usual.map((one) => [one.identifier, one]));
  const filledIn = (identifier: string): readonly string[] =>
    resources
      .flatMap(({ feeds }) => feeds)
      .filter(({ blueprint: to }) => to.type !== 'computed' && to.identifier === identifier)
      .flatMap(({ properties }) => Object.keys(properties));
  for (const { blueprint } of Object.values(OPT_IN[type])) {
    const { identifier } = blueprint;
    const known = definitions.get(identifier);
    const fields = known === undefined ? null : propertiesOf(known);
    const more = propertiesOf(blueprint);
    const isFuller = filledIn(identifier).some((name) => !fields?.has(name) && more.has(name));
    if (fields === null || isFuller) definitions.set(identifier, blueprint);
  }
  return [...definitions.values()];
}

function propertiesOf({ schema }: BlueprintDefinition): ReadonlySet<string> {
  const properties = isJsonObject(schema) ? schema.properties : undefined;
  return new Set(isJsonObject(properties) ? Object.keys(properties) : []);
}

/**
 * In a first run, the definitions that the mapping names and Port lacks. In any run, what blueprints
 * of our own making lack and the mapping fills. With both, what relations lead to from there.
 */
export function lackingBlueprints(
  mapping: Mapping,
  existing: ReadonlyMap<string, Blueprint>,
  { definitions, isFirstRun, clientId }: BuiltInBlueprints,
): LackingBlueprints {
  const byName = new Map(definitions.map((definition) => [definition.identifier, definition]));
  const additions = definitions.flatMap((definition) => {
    const blueprint = existing.get(definition.identifier);
    if (blueprint === undefined || !isWrittenBy(clientId, blueprint)) return [];
    return additionTo(blueprint, definition, mapping) ?? [];
  });
  const due = new Set<string>();
  const add = (identifier: string): void => {
    const definition = byName.get(identifier);
    if (definition === undefined || existing.has(identifier) || due.has(identifier)) return;
    due.add(identifier);
    targetsOf(definition.relations).forEach(add);
  };
  if (isFirstRun)
    feedsOf(mapping).forEach(({ identifier }) => {
      add(identifier);
    });
  for (const { relations } of additions) targetsOf(relations).forEach(add);
  return { missing: definitions.filter(({ identifier }) => due.has(identifier)), additions };
}

/** What a definition has and the blueprint lacks, as far as the mapping fills it; null: nothing. */
function additionTo(
  blueprint: Blueprint,
  { identifier, schema, relations }: BlueprintDefinition,
  mapping: Mapping,
): BlueprintAddition | null {
  const lacking = new Set(
    feedsOf(mapping)
      .filter((feed) => feed.identifier === identifier)
      .flatMap(({ fields }) => knownFields(fields, blueprint).lacking),
  );
  const picked = (kind: string, all: JsonObject[string] | undefined): JsonObject =>
    Object.fromEntries(
      Object.entries(isJsonObject(all) ? all : {}).filter(([name]) =>
        lacking.has(`${kind}.${name}`),
      ),
    );
  const addition = {
    blueprint: identifier,
    properties: picked('properties', schema.properties),
    relations: picked('relations', relations),
  };
  const { length } = [...Object.keys(addition.properties), ...Object.keys(addition.relations)];
  return length === 0 ? null : addition;
}

/** What feeds a blueprint that is named in the mapping. */
function feedsOf(mapping: Mapping) {
  return mapping.resources.flatMap(({ feeds }) =>
    feeds.flatMap(({ blueprint, fields }) =>
      blueprint.type === 'literal' ? [{ identifier: blueprint.identifier, fields }] : [],
    ),
  );
}

/** The blueprints that relations lead to. */
function targetsOf(relations: JsonObject[string] | undefined): readonly string[] {
  return Object.values(isJsonObject(relations) ? relations : {}).flatMap((relation) =>
    isJsonObject(relation) && typeof relation.target === 'string' ? [relation.target] : [],
  );
}
