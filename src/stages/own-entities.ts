import type { EntityReference } from '../model/entity.js';
import type { RawItem } from '../model/page.js';
import type { OwnEntities } from '../reconcile/scope-guard.js';
import type { ResourceRun } from './resource-run.js';

/** The kind whose items are the repositories that other kinds are read from. */
const REPOSITORY_KIND = 'repository';

/**
 * The entities that repositories are mapped to. They are mapped once more for it: that costs little,
 * and is only needed when something is due.
 */
export async function ownEntitiesOf(
  repositories: readonly RawItem[],
  runs: readonly ResourceRun[],
): Promise<OwnEntities> {
  const own = new Map<string, EntityReference[]>(repositories.map(({ key }) => [key, []]));
  for (const { resource, mapper } of runs) {
    if (resource.kind !== REPOSITORY_KIND) continue;
    for (const { item, entities } of await mapper.map(repositories)) {
      for (const { entity } of entities) {
        const { blueprint, identifier } = entity;
        own.get(item.key)?.push({ blueprint, identifier });
      }
    }
  }
  return own;
}
