import type { OwnedEntity } from './entity-comparison.js';

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
