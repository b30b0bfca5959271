import { referenceKey } from '../model/entity.js';
import { keepRelated } from '../reconcile/keep-related.js';
import { keepWhatOthersRelateTo } from './cascades.js';
import { confirmGone } from './confirm-gone.js';
import { Creators } from './creators.js';
import {
  candidatesOfLoads,
  candidatesOfOrphans,
  lookAgain,
  type Candidates,
  type FreshLook,
} from './due-entities.js';
import { DueList } from './due-list.js';
import type { KeptEntities } from './kept-entities.js';
import type { LoadedResources } from './load-resources.js';
import type { ResourceRun } from './resource-run.js';
import type { RunContext } from './run-context.js';
import { repositoryOf, ScopeProtection } from './scope-protection.js';
import { keepWhatOthersLoaded } from './unrecorded.js';
import {
  feedsBlueprint,
  namesMissingBlueprint,
  withheldEverywhere,
  type DeletionPolicy,
} from './withholding.js';

/** What is proven gone, blueprint by blueprint. */
export interface Due {
  readonly lists: readonly DueList[];
  /** Keys of those that are deleted together with what relates to them. */
  readonly cascading: ReadonlySet<string>;
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
    return { lists: [], cascading: new Set(), isWhole: false };
  }
  const orphans = await candidatesOfOrphans(policy, context);
  const all = [...candidates, ...(orphans ?? [])];
  const names = all.map(({ blueprint }) => blueprint.identifier);
  const creators = new Creators(names, context.client);
  const lists: DueList[] = [];
  for (const candidate of all) {
    const fresh = await lookAgain(candidate, startedAt, creators, context);
    lists.push(await startList(candidate, fresh, loaded, kept));
  }
  if (policy.record === 'missing') await keepWhatOthersLoaded(lists, context);
  const hidden = hiddenReach(loaded, orphans, context);
  for (const list of lists) {
    list.keep(() => (hidden.has(list.blueprint) ? 'dependents unreadable' : null));
  }
  for (const list of lists) list.keepOfRepositories(unreadRepositories(list.feeding));
  await keepWhatIsSeenAgain(lists, loaded.runs, context.report);
  keepWhatIsRelatedTo(lists, loaded, context);
  const cascading = await keepWhatOthersRelateTo(lists, policy.isCascadeAllowed, context);
  const isReadable = [...loaded.loads.values()].every(({ load }) => !load.isUnreadable);
  const isKnown = isReadable && !namesMissingBlueprint(context.mapping, context.blueprints);
  return { lists, cascading, isWhole: !policy.isNarrowed && isKnown && orphans !== null };
}

async function startList(
  { blueprint, owned, appeared, withheld }: Candidates,
  { due, changed, ofOthers }: FreshLook,
  { runs }: LoadedResources,
  kept: KeptEntities,
): Promise<DueList> {
  const changedKeys = new Set(changed.map(referenceKey));
  const keysOfOthers = new Set(ofOthers.map(referenceKey));
  const feeding = runs.filter((run) => feedsBlueprint(run, blueprint.identifier));
  const protection = await ScopeProtection.of(blueprint, due.length > 0 ? feeding : [], runs);
  const all = [...due, ...changed, ...ofOthers];
  const list = new DueList(blueprint.identifier, owned, appeared, all, feeding, protection, kept);
  list.keep((entity) => (changedKeys.has(referenceKey(entity)) ? 'changed by others' : null));
  list.keep((entity) => (keysOfOthers.has(referenceKey(entity)) ? 'made by others' : withheld));
  return list;
}

/**
 * Blueprints that entities relate to which Port did not list: those of a blueprint whose list broke
 * off, or all that no resource feeds any more. Which ones they lead to cannot be told, so that nothing
 * goes there.
 */
function hiddenReach(
  { loads }: LoadedResources,
  orphans: readonly Candidates[] | null,
  { blueprints }: RunContext,
): ReadonlySet<string> {
  const isHidden = (identifier: string): boolean =>
    loads.get(identifier)?.load.isUnreadable ?? orphans === null;
  return new Set(
    [...blueprints.values()]
      .filter(({ identifier }) => isHidden(identifier))
      .flatMap(({ relations }) => [...relations.values()].map(({ target }) => target)),
  );
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
