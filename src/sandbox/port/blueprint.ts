import type { EntityReference } from '../../model/entity.js';
import type { JsonObject } from '../../model/json.js';
import { targetsOf } from '../../model/blueprint.js';
import type { Actor } from './entity.js';
import { breach, unprocessable } from './refusal.js';
import type { BlueprintInput, RelationSchema } from './schemas/blueprint-body.js';

/** Parts that a body may leave out and that are empty then. */
type OptionalPart =
  'relations' | 'mirrorProperties' | 'calculationProperties' | 'aggregationProperties';

/** A blueprint as the catalog holds it and the API answers it: every part is there. */
export type CatalogBlueprint = BlueprintInput & {
  readonly [Part in OptionalPart]: NonNullable<BlueprintInput[Part]>;
} & {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
};

/** Completes what a body says of a blueprint. `previous`: the same blueprint before. */
export function catalogBlueprint(
  input: BlueprintInput,
  actor: Actor,
  previous?: CatalogBlueprint,
): CatalogBlueprint {
  return {
    ...input,
    relations: input.relations ?? {},
    mirrorProperties: input.mirrorProperties ?? {},
    calculationProperties: input.calculationProperties ?? {},
    aggregationProperties: input.aggregationProperties ?? {},
    createdAt: previous?.createdAt ?? actor.at,
    createdBy: previous?.createdBy ?? actor.by,
    updatedAt: actor.at,
    updatedBy: actor.by,
  };
}

/** Meta fields that a mirror path may end in. */
const MIRRORED_META_FIELDS = new Set([
  '$identifier',
  '$title',
  '$team',
  '$icon',
  '$createdAt',
  '$createdBy',
  '$updatedAt',
  '$updatedBy',
]);

/** One way from an entity to another. */
export interface RelationLink {
  readonly relation: string;
  readonly required: boolean;
  readonly target: EntityReference;
}

/** All ways that lead from an entity of `blueprint`, by the relations that the blueprint has. */
export function linksOf(
  blueprint: Pick<CatalogBlueprint, 'relations'>,
  relations: JsonObject,
): readonly RelationLink[] {
  return Object.entries(blueprint.relations).flatMap(([relation, schema]) =>
    targetsOf(relations[relation]).map((identifier) => ({
      relation,
      required: schema.required,
      target: { blueprint: schema.target, identifier },
    })),
  );
}

/**
 * Checks what the shape alone does not tell.
 * @throws Refusal when a relation or mirror leads nowhere, or a name is used twice.
 */
export function checkBlueprint(
  blueprint: CatalogBlueprint,
  find: (identifier: string) => CatalogBlueprint | undefined,
): void {
  const findNew = (identifier: string): CatalogBlueprint | undefined =>
    identifier === blueprint.identifier ? blueprint : find(identifier);
  checkNames(blueprint);
  for (const [name, { target }] of Object.entries(blueprint.relations)) {
    if (findNew(target) === undefined) {
      throw unprocessable(`relation "${name}" leads to "${target}", which is no blueprint`);
    }
  }
  for (const [name, { path }] of Object.entries(blueprint.mirrorProperties)) {
    if (!leadsSomewhere(blueprint, path.split('.'), findNew)) {
      throw unprocessable(`mirror property "${name}" has the path "${path}", which leads nowhere`);
    }
  }
  for (const [name, { target }] of Object.entries(blueprint.aggregationProperties)) {
    if (findNew(target) === undefined) {
      throw unprocessable(`aggregation "${name}" counts "${target}", which is no blueprint`);
    }
  }
}

/**
 * A body may repeat the identifier of its path.
 * @throws ContractBreach when it names another: the built-in Port renames nothing.
 */
export function checkSameIdentifier(inPath: string, inBody: string | undefined): void {
  if (inBody !== undefined && inBody !== inPath) {
    throw breach(`the body says "${inBody}", the path says "${inPath}"`);
  }
}

function checkNames(blueprint: CatalogBlueprint): void {
  const { properties, required = [] } = blueprint.schema;
  const unknown = required.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) throw unprocessable(`"${unknown}" is required, but no property`);
  const computed = computedNames(blueprint);
  const twice = computed.find(
    (name, index) => Object.hasOwn(properties, name) || computed.indexOf(name) !== index,
  );
  if (twice !== undefined) throw unprocessable(`"${twice}" names two properties`);
}

/** Names of the properties that Port fills itself. */
export function computedNames(blueprint: CatalogBlueprint): readonly string[] {
  return [
    ...Object.keys(blueprint.mirrorProperties),
    ...Object.keys(blueprint.calculationProperties),
    ...Object.keys(blueprint.aggregationProperties),
  ];
}

function leadsSomewhere(
  blueprint: CatalogBlueprint,
  path: readonly string[],
  find: (identifier: string) => CatalogBlueprint | undefined,
): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return false;
  if (rest.length === 0) {
    return (
      MIRRORED_META_FIELDS.has(step) ||
      Object.hasOwn(blueprint.schema.properties, step) ||
      computedNames(blueprint).includes(step)
    );
  }
  const relation = relationOf(blueprint, step);
  const next = relation === undefined ? undefined : find(relation.target);
  return next !== undefined && leadsSomewhere(next, rest, find);
}

/** The relation of that name, if the blueprint has it. */
export function relationOf(
  blueprint: Pick<CatalogBlueprint, 'relations'>,
  name: string,
): RelationSchema | undefined {
  return Object.hasOwn(blueprint.relations, name) ? blueprint.relations[name] : undefined;
}
