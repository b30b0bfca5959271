import type { Facts } from './facts.js';

/**
 * Tells of a run that finds none of its own among entities that Port holds just as it would write them:
 * another data source has loaded them, or Port does not store ours as we know it. Nothing would ever be
 * deleted, and `plan` would say that there is nothing to do.
 */
export async function tellNoneIsOurs(facts: Facts): Promise<void> {
  for (const blueprint of facts.loaded.loads.keys()) {
    const owned = await facts.ownedIn(blueprint);
    // What Port did not list may be ours.
    if (owned === undefined || owned.size > 0) return;
  }
  const counts = facts.runs.map(({ tally }) => tally.counts(0));
  const equal = counts.reduce((sum, { unchanged }) => sum + unchanged, 0);
  // What a run makes is its own from then on.
  const isFirst = counts.some(({ created }) => created > 0);
  if (equal > 0 && !isFirst) facts.context.report({ code: 'none-is-ours', equal });
}
