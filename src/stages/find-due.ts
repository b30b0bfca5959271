import { referenceKey } from '../model/entity.js';
import { keepRelated } from '../reconcile/keep-related.js';
import { confirmGone } from './confirm-gone.js';
import {
  candidatesOfLoads,
  candidatesOfOrphans,
  lookAgain,
  type Candidates,
} from './due-entities.js';
import { DueList } from './due-list.js';
import type { KeptEntities } from './kept-entities.js';
import type { LoadedResources } from './load-resources.js';
import type { ResourceRun } from './resource-run.js';
import type { RunContext } from './run-context.js';
import { repositoryOf, ScopeProtection } from './scope-protection.js';
import { feedsBlueprint, withheldEverywhere, type DeletionPolicy } from './withholding.js';

/** What is proven gone, blueprint by blueprint. */
export interface Due {
  readonly lists: readonly DueList[];
  /** Whether all that our data source owns was looked at: a narrowed run leaves some of it out. */
  readonly isWhole: boolean;
}

/**
 * What our data source owns in Port, this run did not produce, and is proven gone. Each step only
 * takes off the lists what it protects.
 * @param startedAt of the run, in milliseconds since the epoch
 * @throws ProblemError catalog-unreadable
 */
export async function findDue(
  loaded: LoadedResources,
  policy: DeletionPolicy,
  startedAt: number,
  kept: KeptEntities,
  context: RunContext,
): Promise<Due> {
  const candidates = await candidatesOfLoads(loaded, policy);
  const everywhere = withheldEverywhere(policy, loaded.runs, context.signal.aborted);
  if (everywhere !== null) {
    for (const { blueprint, identifiers } of candidates) {
      kept.add(blueprint.identifier, everywhere, identifiers.length);
    }
    return { lists: [], isWhole: false };
  }
  const orphans = await candidatesOfOrphans(policy, context);
  const lists: DueList[] = [];
  for (const candidate of [...candidates, ...(orphans ?? [])]) {
    lists.push(await startList(candidate, loaded, startedAt, kept, context));
  }
  for (const list of lists) list.keepOfRepositories(unreadRepositories(list.feeding));
  await keepWhatIsSeenAgain(lists, loaded.runs, context.report);
  keepWhatIsRelatedTo(lists, loaded, context);
  const isReadable = [...loaded.loads.values()].every(({ load }) => !load.isUnreadable);
  return { lists, isWhole: !policy.isNarrowed && isReadable && orphans !== null };
}

async function startList(
  candidates: Candidates,
  { runs }: LoadedResources,
  startedAt: number,
  kept: KeptEntities,
  context: RunContext,
): Promise<DueList> {
  const { blueprint, owned, withheld } = candidates;
  const { due, changed } = await lookAgain(candidates, startedAt, context);
  const changedKeys = new Set(changed.map(referenceKey));
  const feeding = runs.filter((run) => feedsBlueprint(run, blueprint.identifier));
  const protection = await ScopeProtection.of(blueprint, due.length > 0 ? feeding : [], runs);
  const all = [...due, ...changed];
  const list = new DueList(blueprint.identifier, owned, all, feeding, protection, kept);
  list.keep((entity) => (changedKeys.has(referenceKey(entity)) ? 'changed by others' : withheld));
  return list;
}

function unreadRepositories(feeding: readonly ResourceRun[]): ReturnType<typeof repositoryOf> {
  return feeding
    .flatMap((run) => run.ends())
    .flatMap((end) => (end.status === 'incomplete' ? repositoryOf(end.scope) : []));
}

async function keepWhatIsSeenAgain(
  lists: readonly DueList[],
  runs: readonly ResourceRun[],
  report: RunContext['report'],
): Promise<void> {
  const second = await confirmGone(runs, (run, scope) =>
    lists.some((list) => list.restsOn(run, scope)),
  );
  second.problems.forEach(report);
  for (const list of lists) {
    if (second.failed.has(list.blueprint)) list.keep(() => 'item failed');
    if (second.unconfirmed.has(list.blueprint)) list.keep(() => 'confirmation failed');
    list.keep((entity) => (second.alive.has(referenceKey(entity)) ? 'seen again' : null));
    list.keepOfRepositories(list.feeding.flatMap((run) => second.unread.get(run) ?? []));
  }
}

function keepWhatIsRelatedTo(
  lists: readonly DueList[],
  { loads, computedLoads }: LoadedResources,
  { mapping, blueprints }: RunContext,
): void {
  if (!mapping.createMissingRelatedEntities) return;
  const all = [...loads.values(), ...computedLoads.values()];
  const { kept } = keepRelated(
    lists.flatMap(({ due }) => due),
    lists.flatMap(({ staying }) => staying),
    (reference) =>
      all.some(
        ({ load }) => load.produced.relatesTo(reference) || load.mayRelateTo(reference.blueprint),
      ),
    blueprints,
  );
  const related = new Set(kept.map(referenceKey));
  for (const list of lists) {
    list.keep((entity) => (related.has(referenceKey(entity)) ? 'related to' : null));
  }
}
