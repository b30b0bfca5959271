import type { Blueprint } from '../model/blueprint.js';
import type { MappedFields } from '../model/entity.js';
import { readOwned } from '../port/catalog.js';
import type { CatalogEntity } from '../port/catalog-entity.js';
import type { PortClient } from '../port/port-client.js';
import {
  comparableText,
  sameLabels,
  type Comparable,
  type Labels,
} from '../reconcile/comparable.js';
import { mergeFields } from '../reconcile/merge-entities.js';
import { fingerprint } from './fingerprint.js';

/** What is remembered of an entity that Port holds: enough to see whether a mapped one differs. */
export interface OwnedEntity extends Labels {
  /** Milliseconds since the epoch; null when Port does not tell. */
  readonly updatedAt: number | null;
  readonly createdAt: number | null;
  /** One fingerprint per feed of the blueprint, over the fields that the feed fills. */
  readonly fingerprints: readonly string[];
  /** Nothing but an identifier: Port made it as the target of a relation. */
  readonly isBare: boolean;
}

/** How an entity compares that fills no field. */
const NOTHING = '{}';

/** A summary of an entity in Port, seen through the fields of each feed. */
export function summarize(
  entity: CatalogEntity,
  feeds: readonly MappedFields[],
  blueprint: Blueprint,
): OwnedEntity {
  return {
    title: entity.title ?? null,
    icon: entity.icon ?? null,
    updatedAt: entity.updatedAt,
    createdAt: entity.createdAt,
    fingerprints: feeds.map((fields) => fingerprint(comparableText(entity, fields, blueprint))),
    isBare: isBare(entity, mergeFields(feeds), blueprint),
  };
}

function isBare(entity: CatalogEntity, fields: MappedFields, blueprint: Blueprint): boolean {
  const { identifier, title } = entity;
  const hasTitle = typeof title === 'string' && title !== identifier;
  return !hasTitle && comparableText(entity, fields, blueprint) === NOTHING;
}

/**
 * All entities of the blueprint that our data source owns, by identifier.
 * @throws HttpError when the list could not be read to its end
 */
export async function readOwnedEntities(
  client: PortClient,
  blueprint: Blueprint,
  feeds: readonly MappedFields[],
): Promise<Map<string, OwnedEntity>> {
  const owned = new Map<string, OwnedEntity>();
  for await (const page of readOwned(client, blueprint.identifier, mergeFields(feeds))) {
    for (const entity of page) owned.set(entity.identifier, summarize(entity, feeds, blueprint));
  }
  return owned;
}

/** Whether loading the mapped entity would change nothing. */
export function isUnchanged(
  existing: OwnedEntity,
  mapped: Comparable & Labels,
  feeds: readonly { readonly position: number; readonly fields: MappedFields }[],
  blueprint: Blueprint,
): boolean {
  return (
    sameLabels(mapped, existing) &&
    feeds.every(
      ({ position, fields }) =>
        existing.fingerprints[position] === fingerprint(comparableText(mapped, fields, blueprint)),
    )
  );
}
