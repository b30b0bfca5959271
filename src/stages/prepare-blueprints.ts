import type { Mapping } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';
import { isJsonObject, type JsonObject } from '../model/json.js';
import type { BlueprintDefinition } from '../port/create-blueprints.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { CreatedBlueprints, PortWriter } from './entity-writer.js';

/** The blueprints that the mapping names, and whether the default ones are in place now. */
export interface PreparedBlueprints extends CreatedBlueprints {
  /** False when creating them failed: the next run tries again. */
  readonly areInitialized: boolean;
}

/**
 * Of the given definitions, those that the mapping names and Port lacks are created; what Port has
 * is never touched.
 */
export async function prepareBlueprints(
  writer: PortWriter,
  mapping: Mapping,
  existing: ReadonlyMap<string, Blueprint>,
  definitions: readonly BlueprintDefinition[],
  report: (problem: Problem) => void,
): Promise<PreparedBlueprints> {
  const missing = missingDefinitions(mapping, definitions, new Set(existing.keys()));
  if (missing.length === 0) return { blueprints: existing, created: [], areInitialized: true };
  try {
    const created = await writer.createBlueprints(missing, existing);
    return { ...created, areInitialized: true };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(report);
    return { blueprints: existing, created: [], areInitialized: false };
  }
}

/** The definitions that a first run creates: those that the mapping names and Port lacks. */
export function missingDefinitions(
  mapping: Mapping,
  definitions: readonly BlueprintDefinition[],
  existing: ReadonlySet<string>,
): readonly BlueprintDefinition[] {
  const named = new Set(
    mapping.resources.flatMap(({ feeds }) =>
      feeds.flatMap(({ blueprint }) => (blueprint.type === 'literal' ? blueprint.identifier : [])),
    ),
  );
  const missing = definitions.filter(
    ({ identifier }) => named.has(identifier) && !existing.has(identifier),
  );
  const there = new Set([...existing, ...missing.map(({ identifier }) => identifier)]);
  return missing.map((definition) => withoutDanglingRelations(definition, there));
}

/** Port refuses a relation to a blueprint that is not there; who maps none of it does not need it. */
function withoutDanglingRelations(
  definition: BlueprintDefinition,
  there: ReadonlySet<string>,
): BlueprintDefinition {
  const { relations } = definition;
  if (!isJsonObject(relations)) return definition;
  const leading = Object.entries(relations).filter(
    ([, relation]) =>
      isJsonObject(relation) && typeof relation.target === 'string' && there.has(relation.target),
  );
  const kept: JsonObject = Object.fromEntries(leading);
  return { ...definition, relations: kept };
}
