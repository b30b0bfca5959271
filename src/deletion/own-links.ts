import type { Entity } from '../model/entity.js';
import type { RawItem } from '../model/page.js';

/** A place in an entity that may hold a link. */
export type LinkPlace =
  | { readonly part: 'identifier' | 'title' }
  | { readonly part: 'properties' | 'relations'; readonly name: string };

/** Entities of a blueprint that are looked at: all of them hold their link in the same place. */
const SAMPLES = 50;

interface Sighting {
  readonly place: LinkPlace;
  agrees: boolean;
}

/**
 * Learns from the living where entities hold the web link of the very item that they were made of. A
 * place that once held another link is none: it leads to something that the entity has to do with.
 */
export class OwnLinks {
  readonly #places = new Map<string, Map<string, Sighting>>();
  readonly #seen = new Map<string, number>();

  /** @param isSame whether two links lead to the same thing, however they are spelled */
  constructor(private readonly isSame: (one: string, other: string) => boolean) {}

  /** Looks at an entity that was made of an item. */
  see(entity: Entity, { link }: RawItem): void {
    if (link === null) return;
    const { blueprint } = entity;
    const seen = this.#seen.get(blueprint) ?? 0;
    if (seen >= SAMPLES) return;
    this.#seen.set(blueprint, seen + 1);
    const places = this.#places.get(blueprint) ?? new Map<string, Sighting>();
    this.#places.set(blueprint, places);
    for (const [place, value] of linksOf(entity)) {
      const key = JSON.stringify(place);
      const agrees = value === link || this.isSame(value, link);
      const sighting = places.get(key);
      if (sighting === undefined) places.set(key, { place, agrees });
      else if (!agrees) sighting.agrees = false;
    }
  }

  /** Where entities of a blueprint hold their own link. */
  placesIn(blueprint: string): readonly LinkPlace[] {
    const places = this.#places.get(blueprint)?.values() ?? [];
    return [...places].filter(({ agrees }) => agrees).map(({ place }) => place);
  }
}

function* linksOf(entity: Entity): Iterable<readonly [LinkPlace, string]> {
  const { identifier, title } = entity;
  if (isLink(identifier)) yield [{ part: 'identifier' }, identifier];
  if (isLink(title)) yield [{ part: 'title' }, title];
  for (const part of ['properties', 'relations'] as const) {
    for (const [name, value] of Object.entries(entity[part])) {
      if (isLink(value)) yield [{ part, name }, value];
    }
  }
}

function isLink(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//iu.test(value);
}

/**
 * Links of entities that were confirmed in a run: read in Port and found equal, or written. Eight bytes
 * each: what is remembered is a hash, which errs once in 2^52 pairs, and then keeps an entity longer
 * from being deleted.
 */
export class ConfirmedLinks {
  readonly #hashes = new Set<number>();

  add(link: string): void {
    this.#hashes.add(hashOf(link));
  }

  has(link: string): boolean {
    return this.#hashes.has(hashOf(link));
  }
}

/** Two runs of FNV-1a over the UTF-16 units, 26 bits of each. */
function hashOf(text: string): number {
  let one = 0x811c9dc5;
  let other = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit, 0x85ebca6b);
  }
  return (one >>> 6) * 2 ** 26 + (other >>> 6);
}
