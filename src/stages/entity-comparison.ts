import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import { comparableText, sameLabels, withDefaults } from '../reconcile/comparable.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import { saidFields, saysAll } from './outgoing.js';
import { isUnchanged, type OwnedEntity } from './owned-entities.js';

/** An entity and the feeds of its blueprint that made it. */
export interface MadeEntity {
  readonly entity: Entity;
  readonly positions: readonly number[];
}

/** Tells whether loading an entity of a blueprint would change anything. */
export class EntityComparison {
  constructor(
    private readonly blueprint: Blueprint,
    /** What each feed of the blueprint fills. */
    private readonly feeds: readonly MappedFields[],
  ) {}

  /** Whether the entity says something of each field that its feeds fill. */
  saysAll(made: MadeEntity): boolean {
    return this.#feedsOf(made).every(({ fields }) => saysAll(made.entity, fields));
  }

  /** Whether it is as it was, by what is remembered of it. */
  isUnchanged(existing: OwnedEntity, made: MadeEntity): boolean {
    const feeds = this.#feedsOf(made);
    return this.#variants(made.entity).some((entity) =>
      isUnchanged(existing, entity, feeds, this.blueprint),
    );
  }

  /** The same on those fields alone that the entity says something of. */
  isUnchangedAsFarAsSaid(held: CatalogEntity, made: MadeEntity): boolean {
    const { entity } = made;
    const said = saidFields(entity, mergeFields(this.#feedsOf(made).map(({ fields }) => fields)));
    const text = comparableText(held, said, this.blueprint);
    return (
      sameLabels(entity, held) &&
      this.#variants(entity).some((one) => comparableText(one, said, this.blueprint) === text)
    );
  }

  /** The entity as it is, and as it is once Port has put its defaults where nothing stands. */
  #variants(entity: Entity): readonly Entity[] {
    const completed = withDefaults(entity, this.blueprint);
    return completed === null ? [entity] : [entity, completed];
  }

  #feedsOf({ positions }: MadeEntity): readonly { position: number; fields: MappedFields }[] {
    return positions.flatMap((position) => {
      const fields = this.feeds[position];
      return fields === undefined ? [] : [{ position, fields }];
    });
  }
}
