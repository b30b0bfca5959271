import { referenceKey } from '../model/entity.js';
import type { Scope } from '../model/page.js';
import type { ResourceRun } from '../stages/resource-run.js';
import { isRootClaim, mayBeBelow } from './inquiry.js';
import type { SeenClaim } from './claims.js';
import { isSameScope, type Facts } from './facts.js';
import type { Homes } from './homes.js';

/** What second readings of listings told. */
export interface SecondReading {
  /** Keys of entities that the first reading missed: they are alive. */
  readonly alive: ReadonlySet<string>;
  /** Keys of claims that rest on a listing which could not be read a second time. */
  readonly unconfirmed: ReadonlySet<string>;
}

/**
 * Reads again what a single reading does not prove: a listing of several pages, as rows move while they
 * are read; an empty one; and one that shows less than half of what we own below it.
 */
export async function readAgain(
  claims: readonly SeenClaim[],
  homes: Homes,
  facts: Facts,
): Promise<SecondReading> {
  const alive = new Set<string>();
  const unconfirmed = new Set<string>();
  for (const run of facts.runs) {
    const own = claims.filter(({ feeding }) => feeding.includes(run));
    const restsOn = (claim: SeenClaim, scope: Scope): boolean => {
      if (isRootClaim(claim, facts) && scope.type === 'root') return true;
      if (!mayBeBelow(claim, facts)) return false;
      const home = homes.of(claim);
      if (home.type === 'unknown') return true;
      if (scope.type === 'root') return home.type === 'unlisted';
      if (home.type !== 'unlisted') return home.repository.key === scope.repository.key;
      // A repository that only the second reading shows.
      const { link } = scope.repository;
      return link !== null && facts.addressOf(link)?.key === home.address.key;
    };
    const scopes = run.ends().flatMap((end) => {
      if (end.status !== 'complete') return [];
      const due = own.filter((claim) => restsOn(claim, end.scope)).length;
      return due > 0 && (end.pages > 1 || end.items < due) ? [end.scope] : [];
    });
    if (scopes.length === 0) continue;
    const { missed, ends } = await run.reading.confirm(scopes);
    for (const end of ends) {
      if (end.status === 'complete') continue;
      // A repository that turned up meanwhile was not asked for, and is no failure.
      if (scopes.some((scope) => isSameScope(scope, end.scope))) facts.context.report(end.problem);
      for (const claim of own) {
        if (restsOn(claim, end.scope)) unconfirmed.add(referenceKey(claim));
      }
    }
    await addMade(
      missed.flatMap(({ items }) => items),
      run,
      own,
      alive,
      unconfirmed,
    );
  }
  return { alive, unconfirmed };
}

/** What the mapping makes of items that turned up; where one fails, it may be any of the claims. */
async function addMade(
  items: Parameters<ResourceRun['mapper']['map']>[0],
  run: ResourceRun,
  claims: readonly SeenClaim[],
  alive: Set<string>,
  unconfirmed: Set<string>,
): Promise<void> {
  for (const { entities, status } of await run.mapper.map(items)) {
    if (status === 'failed') for (const claim of claims) unconfirmed.add(referenceKey(claim));
    for (const { entity } of entities) alive.add(referenceKey(entity));
  }
}
