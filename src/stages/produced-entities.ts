import type { Blueprint } from '../model/blueprint.js';
import type { Entity, EntityReference } from '../model/entity.js';
import { targetsOf } from '../model/relation.js';

/** What a feed's entity is to those before it. */
export type Standing =
  | { readonly type: 'new' }
  /** The feed made the very same entity before. */
  | { readonly type: 'same' }
  /** The feed made another entity of this identifier before, from the item named. */
  | { readonly type: 'collision'; readonly winner: string };

/**
 * What a run made for one blueprint: identifiers and what they relate to. What stands here is alive,
 * whatever became of its loading.
 */
export class ProducedEntities {
  readonly #entities: readonly Map<string, { readonly print: number; readonly item: string }>[];
  readonly #references = new Map<string, Set<string>>();

  /** @param feeds how many feeds the blueprint has */
  constructor(
    private readonly blueprint: Blueprint,
    feeds: number,
  ) {
    this.#entities = Array.from({ length: feeds }, () => new Map());
  }

  /**
   * @param position of the feed
   * @param print fingerprint of the whole entity
   * @param item the item that it came from, for a person
   */
  add(position: number, entity: Entity, print: number, item: string): Standing {
    const entities = this.#entities[position];
    if (entities === undefined) throw new Error(`no feed ${position}`);
    const earlier = entities.get(entity.identifier);
    if (earlier !== undefined) {
      return earlier.print === print
        ? { type: 'same' }
        : { type: 'collision', winner: earlier.item };
    }
    entities.set(entity.identifier, { print, item });
    for (const [name, { target }] of this.blueprint.relations) {
      const value = entity.relations[name];
      if (value !== undefined && value !== null) this.#remember(target, targetsOf(value));
    }
    return { type: 'new' };
  }

  /** What a feed made, in source order. */
  identifiersOf(position: number): Iterable<string> {
    return this.#entities[position]?.keys() ?? [];
  }

  /** What any feed made. */
  *identifiers(): Iterable<string> {
    for (const [position, entities] of this.#entities.entries()) {
      for (const identifier of entities.keys()) {
        const isKnown = this.#entities.slice(0, position).some((one) => one.has(identifier));
        if (!isKnown) yield identifier;
      }
    }
  }

  /** Whether any feed made the entity. */
  has(identifier: string): boolean {
    return this.#entities.some((entities) => entities.has(identifier));
  }

  /** Whether an entity made here relates to the reference. */
  relatesTo(reference: EntityReference): boolean {
    return this.#references.get(reference.blueprint)?.has(reference.identifier) === true;
  }

  #remember(blueprint: string, identifiers: readonly string[]): void {
    const known = this.#references.get(blueprint);
    if (known === undefined) this.#references.set(blueprint, new Set(identifiers));
    else for (const identifier of identifiers) known.add(identifier);
  }
}
