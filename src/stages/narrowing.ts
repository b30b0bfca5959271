import type { Mapping, MappingResource } from '../mapping/mapping.js';
import type { Blueprint } from '../model/blueprint.js';

/** What a flag or variable leaves out of one run. */
export interface Narrowing {
  /** Kinds to run; null for all. */
  readonly kinds: readonly string[] | null;
  /** Kinds whose items a setting selects for this run, such as `pull-request` by their state. */
  readonly selectedKinds: ReadonlySet<string>;
}

/** The resources that run. */
export function narrowedResources(
  { resources }: Mapping,
  { kinds }: Narrowing,
): readonly MappingResource[] {
  return kinds === null ? resources : resources.filter(({ kind }) => kinds.includes(kind));
}

/**
 * The blueprints that narrowing touches: those that a resource feeds which is left out or selects
 * less, and those that entities of a left-out blueprint relate to. A resource that computes its
 * blueprint may feed any.
 */
export function narrowedBlueprints(
  { resources }: Mapping,
  { kinds, selectedKinds }: Narrowing,
  blueprints: ReadonlyMap<string, Blueprint>,
): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const { kind, feeds } of resources) {
    const isLeftOut = kinds !== null && !kinds.includes(kind);
    if (!isLeftOut && !selectedKinds.has(kind)) continue;
    if (feeds.some(({ blueprint }) => blueprint.type === 'computed')) {
      return new Set(blueprints.keys());
    }
    for (const { blueprint } of feeds) {
      if (blueprint.type !== 'literal') continue;
      touched.add(blueprint.identifier);
      const relations = blueprints.get(blueprint.identifier)?.relations.values() ?? [];
      for (const { target } of relations) if (isLeftOut) touched.add(target);
    }
  }
  return touched;
}
