import type { EntityReference } from '../model/entity.js';
import type { ChangeCounts } from '../model/event.js';
import type { BlueprintSummary, RunSummary } from '../model/summary.js';
import type { LoadedResources } from './load-resources.js';
import type { RunRequest } from './run-context.js';
import type { ResourceRun } from './resource-run.js';
import { addedChanges } from './resource-tally.js';
import { feedsBlueprint } from '../mapping/mapping.js';

/** Puts together what the run came to. A deletion counts for the first resource of its blueprint. */
export function summarizeRun(
  { runs }: LoadedResources,
  {
    deleted,
    stubs,
  }: {
    /** How many were deleted, by blueprint. */
    readonly deleted: ReadonlyMap<string, number>;
    /** What Port created because a relation leads to it. */
    readonly stubs: readonly EntityReference[];
  },
  { clock, startedAt, requests }: Pick<RunRequest, 'clock' | 'startedAt' | 'requests'>,
): RunSummary {
  const elsewhere = new Map<string, number>();
  for (const [blueprint, count] of deleted) {
    const first = runs.find(({ resource }) => feedsBlueprint(resource, blueprint));
    if (first === undefined) elsewhere.set(blueprint, count);
    else first.tally.of(blueprint).deleted += count;
  }
  return {
    resources: runs.map((run) => ({
      resource: run.resource.reference,
      counts: run.tally.counts(run.reading.requests),
      status: run.isComplete ? 'complete' : 'incomplete',
      milliseconds: run.milliseconds,
    })),
    blueprints: blueprintSummaries(runs, elsewhere, stubs),
    deletedElsewhere: [...elsewhere.values()].reduce((sum, count) => sum + count, 0),
    requests: requests(),
    milliseconds: clock.now() - startedAt,
  };
}

function blueprintSummaries(
  runs: readonly ResourceRun[],
  deletedElsewhere: ReadonlyMap<string, number>,
  stubs: readonly EntityReference[],
): readonly BlueprintSummary[] {
  const all = new Map<string, ChangeCounts[]>();
  const add = (blueprint: string, changes: ChangeCounts): void => {
    all.set(blueprint, [...(all.get(blueprint) ?? []), changes]);
  };
  for (const { tally } of runs) {
    for (const [blueprint, changes] of tally.blueprints()) add(blueprint, changes);
  }
  for (const [blueprint, deleted] of deletedElsewhere) {
    add(blueprint, { ...addedChanges([]), deleted });
  }
  for (const { blueprint } of stubs) if (!all.has(blueprint)) add(blueprint, addedChanges([]));
  return [...all].map(([blueprint, changes]) => ({
    blueprint,
    changes: addedChanges(changes),
    stubs: stubs.filter((stub) => stub.blueprint === blueprint).length,
  }));
}
