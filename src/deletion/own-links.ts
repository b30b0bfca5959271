import { leadingPath } from '../mapping/jq-tokens.js';
import {
  type Feed,
  type FieldMapping,
  type MappingResource,
  isSearchQuery,
  mayFeed,
} from '../mapping/mapping.js';
import type { Entity } from '../model/entity.js';
import type { RawItem } from '../model/page.js';
import type { KindDescription } from '../source/source.js';

/** A place in an entity that may hold a link. */
export type LinkField =
  | { readonly part: 'identifier' | 'title' }
  | { readonly part: 'properties' | 'relations'; readonly name: string };

/** Entities of a blueprint that are looked at: all of them hold their link in the same place. */
const SAMPLES = 50;

interface Sighting {
  readonly place: LinkField;
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

  /** Where entities of a blueprint hold their own link; null: nothing of it is alive. */
  linkFieldsIn(blueprint: string): readonly LinkField[] | null {
    const places = this.#places.get(blueprint);
    if (places === undefined) return null;
    return [...places.values()].filter(({ agrees }) => agrees).map(({ place }) => place);
  }
}

/**
 * Where a mapping puts the item's own link, by its text: it tells where nothing of a blueprint is alive,
 * as when the last pull request was merged.
 */
export function mappedLinkFieldsIn(
  blueprint: string,
  feeding: readonly {
    readonly resource: MappingResource;
    readonly kind: KindDescription | undefined;
  }[],
): readonly LinkField[] {
  const places = new Map<string, Sighting>();
  for (const { resource, kind } of feeding) {
    const ownLink = kind?.ownLink === undefined ? null : pathOf(kind.ownLink);
    for (const feed of resource.feeds) {
      if (!mayFeed(feed, blueprint)) continue;
      for (const [place, mapping] of mappedLinkFields(feed)) {
        const key = JSON.stringify(place);
        const agrees = !isSearchQuery(mapping) && ownLink !== null && pathOf(mapping) === ownLink;
        places.set(key, { place, agrees: agrees && places.get(key)?.agrees !== false });
      }
    }
  }
  return [...places.values()].filter(({ agrees }) => agrees).map(({ place }) => place);
}

/** The path that an expression begins with, as one text however it is written; what follows may add to it. */
function pathOf(expression: string): string {
  return JSON.stringify(leadingPath(expression).steps);
}

function* mappedLinkFields(feed: Feed): Iterable<readonly [LinkField, FieldMapping]> {
  yield [{ part: 'identifier' }, feed.identifier];
  if (feed.title !== undefined) yield [{ part: 'title' }, feed.title];
  for (const part of ['properties', 'relations'] as const) {
    for (const [name, mapping] of Object.entries(feed[part])) yield [{ part, name }, mapping];
  }
}

function* linksOf(entity: Entity): Iterable<readonly [LinkField, string]> {
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
 * each: what is remembered is a hash. It errs once in 2^52 pairs, and then takes something that its
 * listing did not show for replaced, without asking for it.
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
