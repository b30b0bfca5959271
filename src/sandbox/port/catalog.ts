import type { EntityReference } from '../../model/entity.js';
import type { JsonObject } from '../../model/json.js';
import { linksOf, type CatalogBlueprint } from './blueprint.js';
import { Dependents } from './dependents.js';
import type { CatalogEntity } from './entity.js';
import { notFound } from './refusal.js';

/**
 * The entities of one blueprint. A row keeps its place for good: an update stays in it, a deletion
 * leaves a hole, a new entity goes to the end. That is what keeps a page's cursor true.
 */
export interface Shelf {
  /** Place among all shelves; not used twice. */
  readonly number: number;
  readonly blueprint: CatalogBlueprint;
  readonly rows: readonly (CatalogEntity | undefined)[];
  readonly rowOf: ReadonlyMap<string, number>;
}

interface OpenShelf extends Shelf {
  blueprint: CatalogBlueprint;
  readonly rows: (CatalogEntity | undefined)[];
  readonly rowOf: Map<string, number>;
}

/** Blueprints and entities, in plain maps. It keeps them; others decide what is allowed. */
export class Catalog {
  private readonly byBlueprint = new Map<string, OpenShelf>();
  private readonly relatedFrom = new Dependents();
  private shelvesMade = 0;

  /** All shelves, oldest blueprint first. */
  shelves(): readonly Shelf[] {
    return [...this.byBlueprint.values()];
  }

  /** The blueprint's shelf, if there is such a blueprint. */
  find(blueprint: string): Shelf | undefined {
    return this.byBlueprint.get(blueprint);
  }

  /**
   * The blueprint's shelf.
   * @throws Refusal 404
   */
  shelf(blueprint: string): Shelf {
    return this.open(blueprint);
  }

  /** The entity, if it is there. */
  entity({ blueprint, identifier }: EntityReference): CatalogEntity | undefined {
    const shelf = this.byBlueprint.get(blueprint);
    const row = shelf?.rowOf.get(identifier);
    return row === undefined ? undefined : shelf?.rows[row];
  }

  /**
   * The entity.
   * @throws Refusal 404 when it or its blueprint is not there
   */
  existing(reference: EntityReference): CatalogEntity {
    this.shelf(reference.blueprint);
    const entity = this.entity(reference);
    if (entity === undefined) throw notFound(`Entity "${reference.identifier}"`);
    return entity;
  }

  /** All entities of a blueprint, oldest first. */
  entities(blueprint: string): readonly CatalogEntity[] {
    return this.find(blueprint)?.rows.filter((entity) => entity !== undefined) ?? [];
  }

  /** Entities that relate to this one, itself excluded. */
  dependents(target: EntityReference): readonly CatalogEntity[] {
    return this.relatedFrom
      .of(target)
      .filter((source) => !isSame(source, target))
      .map((source) => this.entity(source))
      .filter((entity) => entity !== undefined);
  }

  /** Adds a blueprint, or takes its new shape: values of parts that it lost are dropped. */
  putBlueprint(blueprint: CatalogBlueprint): void {
    const shelf = this.byBlueprint.get(blueprint.identifier);
    if (shelf === undefined) {
      this.shelvesMade += 1;
      this.byBlueprint.set(blueprint.identifier, {
        number: this.shelvesMade,
        blueprint,
        rows: [],
        rowOf: new Map(),
      });
      return;
    }
    const entities = this.entities(blueprint.identifier);
    for (const entity of entities) this.unlink(shelf, entity);
    const previous = shelf.blueprint;
    shelf.blueprint = blueprint;
    for (const entity of entities) this.putEntity(withoutLostParts(entity, previous, blueprint));
  }

  /** Removes a blueprint that has no entities. */
  removeBlueprint(identifier: string): void {
    this.byBlueprint.delete(identifier);
  }

  /** Adds or replaces an entity. */
  putEntity(entity: CatalogEntity): void {
    const shelf = this.open(entity.blueprint);
    const row = shelf.rowOf.get(entity.identifier) ?? shelf.rows.length;
    const previous = shelf.rows[row];
    if (previous !== undefined) this.unlink(shelf, previous);
    shelf.rows[row] = entity;
    shelf.rowOf.set(entity.identifier, row);
    this.relatedFrom.link(entity, targets(shelf, entity));
  }

  /** Removes an entity; what relates to it loses that target. */
  removeEntity(reference: EntityReference): void {
    const shelf = this.open(reference.blueprint);
    const row = shelf.rowOf.get(reference.identifier);
    const entity = row === undefined ? undefined : shelf.rows[row];
    if (row === undefined || entity === undefined) return;
    this.unlink(shelf, entity);
    shelf.rows[row] = undefined;
    shelf.rowOf.delete(reference.identifier);
    for (const dependent of this.dependents(reference)) {
      this.putEntity(this.withoutTarget(dependent, reference));
    }
  }

  private open(blueprint: string): OpenShelf {
    const shelf = this.byBlueprint.get(blueprint);
    if (shelf === undefined) throw notFound(`Blueprint "${blueprint}"`);
    return shelf;
  }

  private unlink(shelf: Shelf, entity: CatalogEntity): void {
    this.relatedFrom.unlink(entity, targets(shelf, entity));
  }

  private withoutTarget(entity: CatalogEntity, target: EntityReference): CatalogEntity {
    const { blueprint } = this.open(entity.blueprint);
    const leading = linksOf(blueprint, entity.relations).filter((link) =>
      isSame(link.target, target),
    );
    const cleared = leading.map(({ relation }) => {
      const value = entity.relations[relation];
      const rest = Array.isArray(value)
        ? value.filter((identifier) => identifier !== target.identifier)
        : null;
      return [relation, rest] as const;
    });
    return { ...entity, relations: { ...entity.relations, ...Object.fromEntries(cleared) } };
  }
}

function targets(shelf: Shelf, entity: CatalogEntity): readonly EntityReference[] {
  return linksOf(shelf.blueprint, entity.relations).map(({ target }) => target);
}

function isSame(one: EntityReference, other: EntityReference): boolean {
  return one.blueprint === other.blueprint && one.identifier === other.identifier;
}

function withoutLostParts(
  entity: CatalogEntity,
  before: CatalogBlueprint,
  now: CatalogBlueprint,
): CatalogEntity {
  return {
    ...entity,
    properties: only(entity.properties, (name) => Object.hasOwn(now.schema.properties, name)),
    relations: only(entity.relations, (name) => {
      const [was, is] = [before.relations[name], now.relations[name]];
      return was?.target === is?.target && was?.many === is?.many;
    }),
  };
}

function only(values: JsonObject, isKept: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => isKept(name)));
}
