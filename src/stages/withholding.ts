import { isSearchQuery, type Mapping, type MappingResource } from '../mapping/mapping.js';
import type { WithholdingReason } from '../problems/problem.js';
import type { LoadedResources } from './load-resources.js';
import type { ResourceRun } from './resource-run.js';

/** What the settings and the integration say of deletions in this run. */
export interface DeletionPolicy {
  /** False with `--no-delete`. */
  readonly isOn: boolean;
  /** With `--allow-cascade`: what others relate to goes as well, with what relates to it. */
  readonly isCascadeAllowed: boolean;
  /** Largest ratio of due to owned; 0 is off. */
  readonly threshold: number;
  /** The version of the program that wrote the integration last, when that is not ours. */
  readonly takenOverFrom: string | null;
  /** What the run found of the integration's record, which tells who loaded the catalog last. */
  readonly record: 'found' | 'missing' | 'unreadable';
  /** Blueprints that a flag or variable narrows in this run. */
  readonly narrowed: ReadonlySet<string>;
  /** Whether any flag or variable narrows this run. */
  readonly isNarrowed: boolean;
}

/** Why nothing at all may be deleted in this run, or null. */
export function withheldEverywhere(
  policy: DeletionPolicy,
  runs: readonly ResourceRun[],
  isInterrupted: boolean,
): WithholdingReason | null {
  if (isInterrupted) return 'interrupted';
  if (!policy.isOn || policy.threshold === 0) return 'deletions off';
  if (policy.record === 'unreadable') return 'record unreadable';
  if (runs.some(hasBrokenRoot)) return 'root listing incomplete';
  return null;
}

/** Why nothing may be deleted in one blueprint, or null. */
export function withheldInBlueprint(
  blueprint: string,
  { runs, loads, computedLoads }: LoadedResources,
  policy: DeletionPolicy,
): WithholdingReason | null {
  const feeding = runs.filter((run) => feedsBlueprint(run, blueprint));
  if (feeding.some((run) => findsBySearch(run, blueprint))) return 'search identifier';
  if (policy.narrowed.has(blueprint)) return 'narrowed run';
  if (computedLoads.has(blueprint) || hasUnknownReach(runs)) return 'blueprint computed';
  if (loads.get(blueprint)?.load.isUnreadable === true) return 'catalog unreadable';
  if (feeding.some((run) => run.hasFailedItem)) return 'item failed';
  if (feeding.some((run) => !run.isFinished)) return 'resource failed';
  return null;
}

/** Why nothing may be deleted in blueprints that nothing feeds any more, or null. */
export function withheldInOrphans(
  mapping: Mapping,
  policy: DeletionPolicy,
  blueprints: BlueprintNames,
): WithholdingReason | null {
  if (policy.isNarrowed) return 'narrowed run';
  if (mapping.resources.some(computesBlueprint)) return 'blueprint computed';
  return namesMissingBlueprint(mapping, blueprints) ? 'blueprint missing' : null;
}

/** The blueprints that Port has, by identifier. */
type BlueprintNames = Pick<ReadonlyMap<string, unknown>, 'has'>;

/**
 * Whether a literal of the mapping names a blueprint that Port lacks. It may be another one misspelt,
 * which then only looks as if nothing fed it.
 */
export function namesMissingBlueprint({ resources }: Mapping, blueprints: BlueprintNames): boolean {
  return resources.some(({ feeds }) =>
    feeds.some(
      ({ blueprint }) => blueprint.type === 'literal' && !blueprints.has(blueprint.identifier),
    ),
  );
}

/** Whether a literal of the run's resource names the blueprint. */
export function feedsBlueprint({ resource }: ResourceRun, identifier: string): boolean {
  return resource.feeds.some(
    ({ blueprint }) => blueprint.type === 'literal' && blueprint.identifier === identifier,
  );
}

/** Whether a feed of the blueprint names entities by a query, so that which they are is not known. */
function findsBySearch({ resource }: ResourceRun, identifier: string): boolean {
  return resource.feeds.some(
    (feed) =>
      isSearchQuery(feed.identifier) &&
      feed.blueprint.type === 'literal' &&
      feed.blueprint.identifier === identifier,
  );
}

/**
 * Whether a mapping that computes its blueprint did not show all that it makes: any blueprint may
 * hold an entity of it.
 */
function hasUnknownReach(runs: readonly ResourceRun[]): boolean {
  return runs
    .filter(({ resource }) => computesBlueprint(resource))
    .some((run) => {
      const isProven = run.ends().every((end) => end.status === 'complete' && end.pages <= 1);
      return !isProven || !run.isFinished || run.hasFailedItem;
    });
}

/** Whether only running the resource's mapping tells which blueprint it feeds. */
export function computesBlueprint({ feeds }: MappingResource): boolean {
  return feeds.some(({ blueprint }) => blueprint.type === 'computed');
}

function hasBrokenRoot(run: ResourceRun): boolean {
  return run.ends().some((end) => end.scope.type === 'root' && end.status === 'incomplete');
}
