import { type Blueprint, targetsOf } from '../model/blueprint.js';
import type { Entity, EntityReference } from '../model/entity.js';

/** What a feed's entity is to those before it. */
export type AddResult =
  | { readonly type: 'new' }
  /** The feed made the very same entity before. */
  | { readonly type: 'same' }
  /** The feed made another entity of this identifier before, from the item named. */
  | { readonly type: 'collision'; readonly winner: string };

/** What one feed made: an entity's row by its identifier, and side by side what belongs to the rows. */
interface Rows {
  readonly of: Map<string, number>;
  readonly prints: number[];
  readonly items: string[];
}

/**
 * What a run made for one blueprint: identifiers and what they relate to. What stands here is alive,
 * whatever became of its loading.
 */
export class ProducedEntities {
  readonly #feeds: readonly Rows[];
  readonly #references = new Map<string, Set<string>>();

  /** @param feeds how many feeds the blueprint has */
  constructor(
    private readonly blueprint: Blueprint,
    feeds: number,
  ) {
    this.#feeds = Array.from({ length: feeds }, () => ({ of: new Map(), prints: [], items: [] }));
  }

  /**
   * @param position of the feed
   * @param print fingerprint of the whole entity
   * @param item the item that it came from, for a person
   */
  add(position: number, entity: Entity, print: number, item: string): AddResult {
    const rows = this.#feeds[position];
    if (rows === undefined) throw new Error(`no feed ${position}`);
    const earlier = rows.of.get(entity.identifier);
    if (earlier !== undefined) {
      return rows.prints[earlier] === print
        ? { type: 'same' }
        : { type: 'collision', winner: rows.items[earlier] ?? '' };
    }
    rows.of.set(entity.identifier, rows.items.length);
    rows.prints.push(print);
    rows.items.push(item);
    for (const [name, { target }] of this.blueprint.relations) {
      const value = entity.relations[name];
      if (value !== undefined && value !== null) this.#remember(target, targetsOf(value));
    }
    return { type: 'new' };
  }

  /** What a feed made, in source order. */
  identifiersOf(position: number): Iterable<string> {
    return this.#feeds[position]?.of.keys() ?? [];
  }

  /** What any feed made. */
  *identifiers(): Iterable<string> {
    for (const [position, rows] of this.#feeds.entries()) {
      for (const identifier of rows.of.keys()) {
        const isKnown = this.#feeds.slice(0, position).some((one) => one.of.has(identifier));
        if (!isKnown) yield identifier;
      }
    }
  }

  /** Whether any feed made the entity. */
  has(identifier: string): boolean {
    return this.#feeds.some((rows) => rows.of.has(identifier));
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
