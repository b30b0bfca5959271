import type { ResourceReference } from '../model/resource.js';
import type { Feed } from './mapping.js';
import type { WrittenEntity } from './mapping-schema.js';

/** The feed that an entity mapping describes. Fields that map to nothing are not in it. */
export function feedOf(written: WrittenEntity, index: number, resource: ResourceReference): Feed {
  const { identifier, blueprint, title, icon, team } = written;
  const properties = present(written.properties ?? {});
  const relations = present(written.relations ?? {});
  return {
    resource,
    index,
    identifier,
    blueprint,
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(team === undefined ? {} : { team }),
    properties,
    relations,
    fields: {
      title: title !== undefined,
      icon: icon !== undefined,
      team: team !== undefined,
      properties: Object.keys(properties),
      relations: Object.keys(relations),
    },
  };
}

function present<Mapping>(
  mappings: Readonly<Record<string, Mapping | undefined>>,
): Record<string, Mapping> {
  const members: [string, Mapping][] = [];
  for (const [name, mapping] of Object.entries(mappings)) {
    if (mapping !== undefined) members.push([name, mapping]);
  }
  return Object.fromEntries(members);
}
