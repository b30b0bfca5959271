import type { RawItem, Scope } from '../model/page.js';
import { referenceKey } from '../model/entity.js';
import type { Problem } from '../problems/problem.js';
import type { ResourceRun } from './resource-run.js';
import { repositoryOf } from './scope-protection.js';

/** What second readings of listings told. */
export interface SecondReading {
  /** Entities that the first reading missed: they are alive. */
  readonly alive: ReadonlySet<string>;
  /** Blueprints of which an item failed in the mapping, so that what it would be cannot be told. */
  readonly failed: ReadonlySet<string>;
  /** Blueprints that stand on a root listing which could not be read a second time. */
  readonly unconfirmed: ReadonlySet<string>;
  /** Repositories that turned up, or whose listing could not be read a second time, by run. */
  readonly unread: ReadonlyMap<ResourceRun, readonly RawItem[]>;
  /** Why listings broke off when they were read again. */
  readonly problems: readonly Problem[];
}

/**
 * Reads again what took several pages: rows move while pages are read, so that a single reading is
 * no proof that something is gone.
 * @param isNeeded whether anything that is due rests on the scope
 */
export async function confirmGone(
  runs: readonly ResourceRun[],
  isNeeded: (run: ResourceRun, scope: Scope) => boolean,
): Promise<SecondReading> {
  const alive = new Set<string>();
  const failed = new Set<string>();
  const unconfirmed = new Set<string>();
  const unread = new Map<ResourceRun, readonly RawItem[]>();
  const problems: Problem[] = [];
  for (const run of runs) {
    const scopes = severalPages(run).filter((scope) => isNeeded(run, scope));
    if (scopes.length === 0) continue;
    const blueprints = blueprintsOf(run);
    const { missed, ends } = await run.reading.confirm(scopes);
    for (const end of ends) {
      if (end.status === 'complete') continue;
      // A repository that turned up meanwhile was not asked for, and is no failure.
      if (scopes.some((scope) => isSame(scope, end.scope))) problems.push(end.problem);
      unread.set(run, [...(unread.get(run) ?? []), ...repositoryOf(end.scope)]);
      if (end.scope.type === 'root') blueprints.forEach((name) => unconfirmed.add(name));
    }
    for (const { items } of missed) {
      for (const { entities, status } of await run.mapper.map(items)) {
        if (status === 'failed') blueprints.forEach((name) => failed.add(name));
        for (const { entity } of entities) alive.add(referenceKey(entity));
      }
    }
  }
  return { alive, failed, unconfirmed, unread, problems };
}

function isSame(one: Scope, other: Scope): boolean {
  if (one.type === 'root' || other.type === 'root') {
    return one.type === other.type && one.name === other.name;
  }
  return one.repository.key === other.repository.key;
}

function severalPages(run: ResourceRun): readonly Scope[] {
  return run
    .ends()
    .flatMap((end) => (end.status === 'complete' && end.pages > 1 ? [end.scope] : []));
}

function blueprintsOf({ resource }: ResourceRun): readonly string[] {
  return resource.feeds.flatMap(({ blueprint }) =>
    blueprint.type === 'literal' ? [blueprint.identifier] : [],
  );
}
