import { hash } from 'node:crypto';
import type { Blueprint } from '../model/blueprint.js';
import type { Entity, MappedFields } from '../model/entity.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import {
  comparison,
  type Labels,
  sameLabels,
  type TextOf,
  withDefaults,
} from '../reconcile/comparable.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import { saidFields, saysAll } from './outgoing.js';

/** What is remembered of an entity that Port holds: enough to see whether a mapped one differs. */
export interface OwnedEntity extends Labels {
  /** Milliseconds since the epoch; null when Port does not tell. */
  readonly updatedAt: number | null;
  readonly createdAt: number | null;
  /** One per feed of the blueprint, over the fields that the feed fills. */
  readonly prints: readonly number[];
  /** Nothing but an identifier: Port made it as the target of a relation. */
  readonly isBare: boolean;
}

/** An entity and the feeds of its blueprint that made it. */
export interface MadeEntity {
  readonly entity: Entity;
  readonly positions: readonly number[];
  /** What a single feed made has one, over the fields of that feed. */
  readonly print?: number;
}

/** Tells whether loading an entity of a blueprint would change anything. */
export class EntityComparison {
  readonly #texts: readonly TextOf[];

  constructor(
    private readonly blueprint: Blueprint,
    /** What each feed of the blueprint fills. */
    private readonly feeds: readonly MappedFields[],
  ) {
    this.#texts = feeds.map((fields) => comparison(fields, blueprint));
  }

  /** The fingerprint of what a feed says of an entity, labels apart. */
  printOf(entity: Entity, position: number): number {
    return fingerprint(this.#texts[position]?.(entity) ?? '');
  }

  /** A summary of an entity in Port, seen through the fields of each feed. */
  summarize(entity: CatalogEntity): OwnedEntity {
    const { identifier, title, icon, updatedAt, createdAt } = entity;
    const texts = this.#texts.map((textOf) => textOf(entity));
    const hasTitle = typeof title === 'string' && title !== identifier;
    return {
      title: title ?? null,
      icon: icon ?? null,
      updatedAt,
      createdAt,
      prints: texts.map(fingerprint),
      isBare: !hasTitle && texts.every((text) => text === ''),
    };
  }

  /** Whether the entity says something of each field that its feeds fill. */
  saysAll({ entity, positions }: MadeEntity): boolean {
    return positions.every((position) => {
      const fields = this.feeds[position];
      return fields === undefined || saysAll(entity, fields);
    });
  }

  /** Whether it is as it was, by what is remembered of it. */
  isUnchanged(existing: OwnedEntity, made: MadeEntity): boolean {
    const { entity, positions, print } = made;
    if (!sameLabels(entity, existing)) return false;
    const isSame = (one: Entity, known?: number): boolean =>
      positions.every(
        (position) => existing.prints[position] === (known ?? this.printOf(one, position)),
      );
    if (isSame(entity, print)) return true;
    const completed = withDefaults(entity, this.blueprint);
    return completed !== null && isSame(completed);
  }

  /** The same on those fields alone that the entity says something of. */
  isUnchangedAsFarAsSaid(held: CatalogEntity, { entity, positions }: MadeEntity): boolean {
    if (!sameLabels(entity, held)) return false;
    const fields = mergeFields(positions.flatMap((position) => this.feeds[position] ?? []));
    const textOf = comparison(saidFields(entity, fields), this.blueprint);
    const completed = withDefaults(entity, this.blueprint) ?? entity;
    return [entity, completed].some((one) => textOf(one) === textOf(held));
  }
}

/** Bytes that a fingerprint is made of: a number holds no more exactly. */
const BYTES = 6;

/**
 * A short stand-in for a text, so that a catalog of 100,000 entities is remembered in a few
 * megabytes. Equal texts give equal fingerprints. An entity is compared with itself alone: that a
 * change is overlooked has a chance of one in 10^14.
 */
export function fingerprint(text: string): number {
  const digest = hash('sha256', text, 'binary');
  let number = 0;
  for (let index = 0; index < BYTES; index += 1) number = number * 256 + digest.charCodeAt(index);
  return number;
}
