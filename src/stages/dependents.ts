import type { Blueprint } from '../model/blueprint.js';
import { referenceKey, type EntityReference } from '../model/entity.js';
import type { JsonObject } from '../model/json.js';
import { referencesOf } from '../model/relation.js';
import { readByIdentifier, readRelatingTo } from '../port/catalog.js';
import type { RunContext } from './run-context.js';

/** What stands in the way of deletions: entities that relate to what is due, by its key. */
export type Dependents = ReadonlyMap<string, readonly EntityReference[]>;

type Reader = Pick<RunContext, 'client' | 'blueprints' | 'writer'>;

/**
 * All entities in Port that relate to the given ones, whoever made them.
 * @throws ProblemError catalog-unreadable
 */
export async function readDependents(
  targets: readonly EntityReference[],
  { client, blueprints, writer }: Reader,
): Promise<Dependents> {
  const wanted = new Set(targets.map(referenceKey));
  const dependents = new Map<string, EntityReference[]>();
  for (const [target, identifiers] of byBlueprint(targets)) {
    for (const blueprint of blueprints.values()) {
      const relations = relationsTo(target, blueprint);
      if (relations.length === 0) continue;
      const { identifier: of } = blueprint;
      const pending = new Map(writer.pendingRelations(of));
      const add = (identifier: string, values: JsonObject): void => {
        for (const reference of referencesOf(values, blueprint)) {
          const key = referenceKey(reference);
          const source = { blueprint: of, identifier };
          if (reference.blueprint !== target || !wanted.has(key)) continue;
          if (key === referenceKey(source)) continue;
          const known = dependents.get(key);
          if (known === undefined) dependents.set(key, [source]);
          else known.push(source);
        }
      };
      for await (const page of readRelatingTo(client, of, relations, identifiers)) {
        for (const { identifier, relations: values } of page) {
          add(identifier, { ...values, ...pending.get(identifier) });
          pending.delete(identifier);
        }
      }
      for (const [identifier, values] of pending) add(identifier, values);
    }
  }
  return dependents;
}

/**
 * Everything that a cascade from the given entity could take along: what relates to it, what relates
 * to that, and so on.
 * @throws ProblemError catalog-unreadable
 */
export async function readClosure(
  target: EntityReference,
  reader: Reader,
): Promise<readonly EntityReference[]> {
  const seen = new Map<string, EntityReference>([[referenceKey(target), target]]);
  let open: readonly EntityReference[] = [target];
  while (open.length > 0) {
    const found = [...(await readDependents(open, reader)).values()].flat();
    open = found.filter((reference) => !seen.has(referenceKey(reference)));
    for (const reference of open) seen.set(referenceKey(reference), reference);
  }
  seen.delete(referenceKey(target));
  return [...seen.values()];
}

const NO_FIELDS = { title: false, icon: false, team: false, properties: [], relations: [] };

/**
 * Those of the entities that carry our data source.
 * @throws ProblemError catalog-unreadable
 */
export async function oursAmong(
  entities: readonly EntityReference[],
  { client }: Reader,
): Promise<readonly EntityReference[]> {
  const ours: EntityReference[] = [];
  for (const [blueprint, identifiers] of byBlueprint(entities)) {
    const options = { ownedOnly: true };
    const pages = readByIdentifier(client, blueprint, identifiers, NO_FIELDS, options);
    for await (const page of pages) {
      ours.push(...page.map(({ identifier }) => ({ blueprint, identifier })));
    }
  }
  return ours;
}

function relationsTo(
  target: string,
  { relations }: Blueprint,
): readonly { readonly name: string; readonly many: boolean }[] {
  return [...relations].flatMap(([name, relation]) =>
    relation.target === target ? [{ name, many: relation.many }] : [],
  );
}

function byBlueprint(entities: readonly EntityReference[]): ReadonlyMap<string, readonly string[]> {
  const identifiers = new Map<string, string[]>();
  for (const { blueprint, identifier } of entities) {
    const known = identifiers.get(blueprint);
    if (known === undefined) identifiers.set(blueprint, [identifier]);
    else known.push(identifier);
  }
  return identifiers;
}
