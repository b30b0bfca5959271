import { type Blueprint, referencesOf } from '../model/blueprint.js';
import type { EntityReference } from '../model/entity.js';
import { bulksOf } from './bulk.js';
import { writtenEntity, type WrittenEntity } from './catalog-entity.js';
import type { PortClient } from './port-client.js';
import { createMissing, upsertEntities, type UpsertOptions, type UpsertOutcome } from './upsert.js';

/**
 * Adds our fields to entities that others made. It is not done as the exporter: should Port take the
 * last writer for the data source of an entity, it would count as ours from then on, be deleted
 * once the mapping no longer makes it, and nothing would tell any more whose it was. Fields that
 * the mapping does not name are theirs and stay as they are.
 * @returns one outcome per entity, in order
 */
export async function upsertShared(
  client: PortClient,
  blueprint: Pick<Blueprint, 'identifier' | 'relations'>,
  entities: readonly WrittenEntity[],
  { createMissingRelatedEntities, blockade, isOurs }: SharedOptions,
): Promise<readonly UpsertOutcome[]> {
  // What only our relations bring into the catalog is ours: it is made as the exporter before.
  if (createMissingRelatedEntities) await createTargets(client, targetsOfAll(entities, blueprint));
  const options = {
    merge: true,
    createMissingRelatedEntities,
    ...(blockade === undefined ? {} : { blockade }),
  };
  const outcomes = await upsertEntities(client, blueprint.identifier, entities, {
    ...options,
    caller: 'integration',
  });
  // A search may lead to one of ours. Written like one of others, it would be given away.
  const given = await positionsOfOurs(outcomes, isOurs);
  if (given.length === 0) return outcomes;
  const ours = given.flatMap((position) => entities[position] ?? []);
  const again = await upsertEntities(client, blueprint.identifier, ours, options);
  const written = new Map(given.map((position, index) => [position, again[index]]));
  return outcomes.map((outcome, position) => written.get(position) ?? outcome);
}

/** How entities are written that may be those of others. */
export interface SharedOptions extends Omit<UpsertOptions, 'merge' | 'caller'> {
  /** Whether the entity of the identifier is one of our data source. */
  readonly isOurs: (identifier: string) => Promise<boolean>;
}

async function positionsOfOurs(
  outcomes: readonly UpsertOutcome[],
  isOurs: SharedOptions['isOurs'],
): Promise<readonly number[]> {
  const positions: number[] = [];
  for (const [position, outcome] of outcomes.entries()) {
    const found = 'found' in outcome ? outcome.found : undefined;
    if (found !== undefined && (await isOurs(found))) positions.push(position);
  }
  return positions;
}

/** All that entities of a blueprint relate to, besides themselves. */
export function targetsOfAll(
  entities: readonly WrittenEntity[],
  blueprint: Pick<Blueprint, 'identifier' | 'relations'>,
): readonly EntityReference[] {
  return entities.flatMap(({ entity }) =>
    [...referencesOf(entity.relations, blueprint)].filter(
      (target) =>
        target.blueprint !== blueprint.identifier || target.identifier !== entity.identifier,
    ),
  );
}

/** Creates as ours, with nothing but an identifier, those of the references that are not there yet. */
export async function createTargets(
  client: PortClient,
  references: readonly EntityReference[],
): Promise<void> {
  const targets = new Map<string, Set<string>>();
  for (const { blueprint, identifier } of references) {
    targets.set(blueprint, (targets.get(blueprint) ?? new Set<string>()).add(identifier));
  }
  for (const [target, identifiers] of targets) {
    const bare = [...identifiers].map((identifier) =>
      writtenEntity({ identifier, properties: {}, relations: {} }),
    );
    for (const bulk of bulksOf(bare)) await createMissing(client, target, bulk);
  }
}
