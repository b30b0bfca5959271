import type { OwnedEntity } from './entity-comparison.js';
import { type Blueprint, targetsOf } from '../model/blueprint.js';
import type { Entity, EntityReference } from '../model/entity.js';

/** Entities of a blueprint in Port, by identifier, as far as they are remembered. */
export interface Owned extends Iterable<readonly [string, OwnedEntity]> {
  readonly size: number;
  has(identifier: string): boolean;
  get(identifier: string): OwnedEntity | undefined;
}

/** Entities that there is room for at first. */
const FIRST_ROOM = 64;

/** Numbers of an entity besides its fingerprints: when it was updated and created. */
const TIMES = 2;

/**
 * The same for 100,000 of them: numbers lie side by side, where each by itself would take three times
 * as much. An entity is put together when it is asked for.
 */
export class OwnedEntities implements Owned {
  readonly #rows = new Map<string, number>();
  readonly #titles: (string | null)[] = [];
  readonly #icons: (string | null)[] = [];
  /** Rows of entities that Port made as targets of relations: few. */
  readonly #bare = new Set<number>();
  readonly #width: number;
  /** A row for each entity: its times, NaN for one that is not known, and its fingerprints. */
  #numbers: Float64Array;

  /** @param feeds how many fingerprints an entity has */
  constructor(feeds: number) {
    this.#width = TIMES + feeds;
    this.#numbers = new Float64Array(FIRST_ROOM * this.#width);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Of two with one identifier, the last one stays. */
  add(
    identifier: string,
    { title, icon, updatedAt, createdAt, prints, isBare }: OwnedEntity,
  ): void {
    const row = this.#rows.get(identifier) ?? this.#rows.size;
    this.#rows.set(identifier, row);
    this.#titles[row] = title ?? null;
    this.#icons[row] = icon ?? null;
    if (isBare) this.#bare.add(row);
    else this.#bare.delete(row);
    const start = row * this.#width;
    if (start === this.#numbers.length) {
      const wider = new Float64Array(this.#numbers.length * 2);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    this.#numbers.set([updatedAt ?? NaN, createdAt ?? NaN, ...prints], start);
  }

  has(identifier: string): boolean {
    return this.#rows.has(identifier);
  }

  get(identifier: string): OwnedEntity | undefined {
    const row = this.#rows.get(identifier);
    return row === undefined ? undefined : this.#at(row);
  }

  *[Symbol.iterator](): Generator<readonly [string, OwnedEntity], void, undefined> {
    for (const [identifier, row] of this.#rows) yield [identifier, this.#at(row)];
  }

  #at(row: number): OwnedEntity {
    const start = row * this.#width;
    const prints = Array.from(this.#numbers.subarray(start + TIMES, start + this.#width));
    return {
      title: this.#titles[row] ?? null,
      icon: this.#icons[row] ?? null,
      updatedAt: this.#timeAt(start),
      createdAt: this.#timeAt(start + 1),
      prints,
      isBare: this.#bare.has(row),
    };
  }

  #timeAt(index: number): number | null {
    const time = this.#numbers[index] ?? NaN;
    return Number.isNaN(time) ? null : time;
  }
}

/** What a feed's entity is to those before it. */
type AddResult =
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
